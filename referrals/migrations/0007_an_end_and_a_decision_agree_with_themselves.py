"""A decision says nothing that goes with another outcome, and no transfer ends before its first day.

Rows written before the rules asked so are put right first. Change history keeps what they said.
"""

from django.conf import settings
from django.db import migrations, models

CLEAN = """
UPDATE referrals_decision SET reason = '', criterion_id = NULL
 WHERE outcome <> 'declined' AND (reason <> '' OR criterion_id IS NOT NULL);
UPDATE referrals_decision SET deferred_to = NULL WHERE outcome <> 'deferred' AND deferred_to IS NOT NULL;
UPDATE referrals_decision SET tier = '', expected_on = NULL, depends_on = ''
 WHERE outcome NOT IN ('accepted', 'accepted_other_tier')
   AND (tier <> '' OR expected_on IS NOT NULL OR depends_on <> '');
UPDATE referrals_referral SET ended_on = report_first_requested_on WHERE ended_on < report_first_requested_on;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('assessments', '0002_written_sections'),
        ('organisations', '0002_region_version'),
        ('pathways', '0003_one_person_one_number'),
        ('referrals', "0006_an_escort_is_booked_for_a_day"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL(CLEAN, migrations.RunSQL.noop),
        migrations.RemoveConstraint(
            model_name='referral',
            name='a_referral_ends_on_or_after_its_first_day',
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('criterion', None), ('deferred_to', None), ('outcome__in', ['accepted', 'accepted_other_tier']), ('reason', '')), models.Q(('deferred_to', None), ('depends_on', ''), ('expected_on', None), ('outcome', 'declined'), ('tier', '')), models.Q(('criterion', None), ('depends_on', ''), ('expected_on', None), ('outcome', 'deferred'), ('reason', ''), ('tier', '')), _connector='OR'), name='a_decision_says_nothing_of_another_outcome', violation_error_message='Part of this goes with another decision. Leave it out.'),
        ),
        migrations.AddConstraint(
            model_name='referral',
            constraint=models.CheckConstraint(condition=models.Q(('ended_on', None), ('ended_on__gte', models.F('report_first_requested_on')), _connector='OR'), name='a_referral_ends_on_or_after_its_first_day', violation_error_message='The end is before the day a medical report was first requested.'),
        ),
    ]
