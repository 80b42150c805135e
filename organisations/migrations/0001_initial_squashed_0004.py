"""Every table of organisations at once, for a new installation; one that has the migrations replaced goes on from them."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.db.models.functions.comparison
import pghistory.utils
import pgtrigger.compiler
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('organisations', '0001_initial'), ('organisations', '0002_region_version'), ('organisations', '0003_revoked_keys'), ('organisations', '0004_what_a_criterion_covers')]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('core', '0001_extensions'),
    ]

    operations = [
        migrations.CreateModel(
            name='Region',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=3, unique=True)),
                ('name', models.CharField(max_length=80, unique=True)),
                ('version', models.PositiveIntegerField(default=0)),
            ],
            options={
                'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "organisations_regionevent" ("code", "id", "name", "pgh_context", "pgh_created_at", "pgh_label", "version") VALUES (NEW."code", NEW."id", NEW."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."version"); RETURN NULL;', hash='659a5f6744becfc3d4a5b877d006eff50228726e', operation='INSERT', pgid='pgtrigger_insert_insert_0b1f2', table='organisations_region', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "organisations_regionevent" ("code", "id", "name", "pgh_context", "pgh_created_at", "pgh_label", "version") VALUES (NEW."code", NEW."id", NEW."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."version"); RETURN NULL;', hash='d4923a86ab498d821ea88eed8751165ae2f2500f', operation='UPDATE', pgid='pgtrigger_update_update_25743', table='organisations_region', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "organisations_regionevent" ("code", "id", "name", "pgh_context", "pgh_created_at", "pgh_label", "version") VALUES (OLD."code", OLD."id", OLD."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."version"); RETURN NULL;', hash='0c7165e2c0dd9d4da20814a7ff8b442e61e56ac1', operation='DELETE', pgid='pgtrigger_delete_delete_b6da7', table='organisations_region', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='Commissioner',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('kind', models.CharField(choices=[('collaborative', 'Provider collaborative'), ('nhs_england', 'NHS England'), ('icb', 'Integrated care board')], max_length=20)),
                ('name', models.CharField(max_length=120, unique=True)),
                ('version', models.PositiveIntegerField(default=0)),
                ('region', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='commissioners', to='organisations.region')),
            ],
            options={
                'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "organisations_commissionerevent" ("id", "kind", "name", "pgh_context", "pgh_created_at", "pgh_label", "public_id", "region_id", "version") VALUES (NEW."id", NEW."kind", NEW."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."public_id", NEW."region_id", NEW."version"); RETURN NULL;', hash='1e9b4b9aa741dd07757eb5bcc58f9a95206a82a3', operation='INSERT', pgid='pgtrigger_insert_insert_5376a', table='organisations_commissioner', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "organisations_commissionerevent" ("id", "kind", "name", "pgh_context", "pgh_created_at", "pgh_label", "public_id", "region_id", "version") VALUES (NEW."id", NEW."kind", NEW."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."public_id", NEW."region_id", NEW."version"); RETURN NULL;', hash='2dd3e46659bc85791698a0f8921aff1e941e757c', operation='UPDATE', pgid='pgtrigger_update_update_1e02e', table='organisations_commissioner', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "organisations_commissionerevent" ("id", "kind", "name", "pgh_context", "pgh_created_at", "pgh_label", "public_id", "region_id", "version") VALUES (OLD."id", OLD."kind", OLD."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."public_id", OLD."region_id", OLD."version"); RETURN NULL;', hash='edb4b130c7ee398c6ac9a8f6c0ab568b8c6270ea', operation='DELETE', pgid='pgtrigger_delete_delete_3280f', table='organisations_commissioner', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='Provider',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('name', models.CharField(max_length=120, unique=True)),
                ('ods_code', models.CharField(max_length=5, unique=True, verbose_name='ODS code')),
                ('sector', models.CharField(choices=[('nhs', 'NHS'), ('independent', 'Independent')], max_length=12)),
                ('version', models.PositiveIntegerField(default=0)),
            ],
            options={
                'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "organisations_providerevent" ("id", "name", "ods_code", "pgh_context", "pgh_created_at", "pgh_label", "public_id", "sector", "version") VALUES (NEW."id", NEW."name", NEW."ods_code", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."public_id", NEW."sector", NEW."version"); RETURN NULL;', hash='da69bcc703acd3578e16fae46fdccfb662a5c293', operation='INSERT', pgid='pgtrigger_insert_insert_39aa8', table='organisations_provider', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "organisations_providerevent" ("id", "name", "ods_code", "pgh_context", "pgh_created_at", "pgh_label", "public_id", "sector", "version") VALUES (NEW."id", NEW."name", NEW."ods_code", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."public_id", NEW."sector", NEW."version"); RETURN NULL;', hash='e5aa090b2928ef1ee54e42212bd15ee58b0ea81b', operation='UPDATE', pgid='pgtrigger_update_update_8f901', table='organisations_provider', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "organisations_providerevent" ("id", "name", "ods_code", "pgh_context", "pgh_created_at", "pgh_label", "public_id", "sector", "version") VALUES (OLD."id", OLD."name", OLD."ods_code", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."public_id", OLD."sector", OLD."version"); RETURN NULL;', hash='48a255fb408e114cf63f530dfcd5ef646ede86ef', operation='DELETE', pgid='pgtrigger_delete_delete_2b343', table='organisations_provider', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='Service',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('kind', models.CharField(choices=[('hospital', 'Hospital'), ('community', 'Community team'), ('prison', 'Prison'), ('court', 'Court'), ('removal_centre', 'Immigration removal centre')], max_length=15)),
                ('code', models.CharField(max_length=9, unique=True, verbose_name='ODS site code')),
                ('name', models.CharField(max_length=120, unique=True)),
                ('alert_mailbox', models.EmailField(max_length=254, verbose_name='Shared mailbox for alerts')),
                ('referral_telephone', models.CharField(blank=True, default='', max_length=30, verbose_name='Referral telephone')),
                ('is_open', models.BooleanField(default=True, verbose_name='Open')),
                ('version', models.PositiveIntegerField(default=0)),
                ('commissioner', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='services', to='organisations.commissioner')),
                ('provider', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='services', to='organisations.provider')),
                ('region', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='services', to='organisations.region')),
            ],
            options={
                'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "organisations_serviceevent" ("alert_mailbox", "code", "commissioner_id", "id", "is_open", "kind", "name", "pgh_context", "pgh_created_at", "pgh_label", "provider_id", "public_id", "referral_telephone", "region_id", "version") VALUES (NEW."alert_mailbox", NEW."code", NEW."commissioner_id", NEW."id", NEW."is_open", NEW."kind", NEW."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."provider_id", NEW."public_id", NEW."referral_telephone", NEW."region_id", NEW."version"); RETURN NULL;', hash='6cba0477bdc10e004e91ef53e15d4d2ad9085c61', operation='INSERT', pgid='pgtrigger_insert_insert_55812', table='organisations_service', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "organisations_serviceevent" ("alert_mailbox", "code", "commissioner_id", "id", "is_open", "kind", "name", "pgh_context", "pgh_created_at", "pgh_label", "provider_id", "public_id", "referral_telephone", "region_id", "version") VALUES (NEW."alert_mailbox", NEW."code", NEW."commissioner_id", NEW."id", NEW."is_open", NEW."kind", NEW."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."provider_id", NEW."public_id", NEW."referral_telephone", NEW."region_id", NEW."version"); RETURN NULL;', hash='a550876d4a5ccb34622196d298aa4d8af65580cb', operation='UPDATE', pgid='pgtrigger_update_update_c95d9', table='organisations_service', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "organisations_serviceevent" ("alert_mailbox", "code", "commissioner_id", "id", "is_open", "kind", "name", "pgh_context", "pgh_created_at", "pgh_label", "provider_id", "public_id", "referral_telephone", "region_id", "version") VALUES (OLD."alert_mailbox", OLD."code", OLD."commissioner_id", OLD."id", OLD."is_open", OLD."kind", OLD."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."provider_id", OLD."public_id", OLD."referral_telephone", OLD."region_id", OLD."version"); RETURN NULL;', hash='13a108c9803edd6c8c1400eea48e03668d39070c', operation='DELETE', pgid='pgtrigger_delete_delete_97136', table='organisations_service', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='AdmissionCriterion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('kind', models.CharField(choices=[('tier', 'Tier of security'), ('gender', 'Gender'), ('legal_basis', 'Legal basis'), ('diagnosis', 'Diagnosis'), ('area', 'Home area'), ('other', 'Other')], max_length=12)),
                ('takes', models.BooleanField(default=True, verbose_name='The service takes this')),
                ('words', models.CharField(max_length=200, verbose_name='In words')),
                ('covers', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=30), blank=True, default=list, size=None)),
                ('is_open', models.BooleanField(default=True, verbose_name='Published')),
                ('version', models.PositiveIntegerField(default=0)),
                ('service', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='criteria', to='organisations.service')),
            ],
            options={
                'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "organisations_admissioncriterionevent" ("covers", "id", "is_open", "kind", "pgh_context", "pgh_created_at", "pgh_label", "public_id", "service_id", "takes", "version", "words") VALUES (NEW."covers", NEW."id", NEW."is_open", NEW."kind", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."public_id", NEW."service_id", NEW."takes", NEW."version", NEW."words"); RETURN NULL;', hash='6ae08fc4bfa4b8b103230e79a82cd828bc7c726d', operation='INSERT', pgid='pgtrigger_insert_insert_96ebc', table='organisations_admissioncriterion', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "organisations_admissioncriterionevent" ("covers", "id", "is_open", "kind", "pgh_context", "pgh_created_at", "pgh_label", "public_id", "service_id", "takes", "version", "words") VALUES (NEW."covers", NEW."id", NEW."is_open", NEW."kind", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."public_id", NEW."service_id", NEW."takes", NEW."version", NEW."words"); RETURN NULL;', hash='b7621382e36d04e027ab9cf1f4eafad3be7769e3', operation='UPDATE', pgid='pgtrigger_update_update_bbef0', table='organisations_admissioncriterion', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "organisations_admissioncriterionevent" ("covers", "id", "is_open", "kind", "pgh_context", "pgh_created_at", "pgh_label", "public_id", "service_id", "takes", "version", "words") VALUES (OLD."covers", OLD."id", OLD."is_open", OLD."kind", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."public_id", OLD."service_id", OLD."takes", OLD."version", OLD."words"); RETURN NULL;', hash='d5ddc622e0b69a1e3fd0c14ed887732995c25a8f', operation='DELETE', pgid='pgtrigger_delete_delete_c13d6', table='organisations_admissioncriterion', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='AdmissionCriterionEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('id', models.BigIntegerField()),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('kind', models.CharField(choices=[('tier', 'Tier of security'), ('gender', 'Gender'), ('legal_basis', 'Legal basis'), ('diagnosis', 'Diagnosis'), ('area', 'Home area'), ('other', 'Other')], max_length=12)),
                ('takes', models.BooleanField(default=True, verbose_name='The service takes this')),
                ('words', models.CharField(max_length=200, verbose_name='In words')),
                ('covers', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=30), blank=True, default=list, size=None)),
                ('is_open', models.BooleanField(default=True, verbose_name='Published')),
                ('version', models.PositiveIntegerField(default=0)),
                ('service', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='organisations.service')),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='3f914f7af0a92858652e5f763a5c0dee7e1787cc', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_d27a5', table='organisations_admissioncriterionevent', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='Ward',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('name', models.CharField(max_length=80)),
                ('version', models.PositiveIntegerField(default=0)),
                ('service', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='wards', to='organisations.service')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('service', 'name'), name='a_ward_has_one_name_in_its_service', violation_error_message='This service already has a ward of that name.')],
                'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "organisations_wardevent" ("id", "name", "pgh_context", "pgh_created_at", "pgh_label", "public_id", "service_id", "version") VALUES (NEW."id", NEW."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."public_id", NEW."service_id", NEW."version"); RETURN NULL;', hash='40f1f6548957ac640d45fa3dec1d11de42749122', operation='INSERT', pgid='pgtrigger_insert_insert_b1fea', table='organisations_ward', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "organisations_wardevent" ("id", "name", "pgh_context", "pgh_created_at", "pgh_label", "public_id", "service_id", "version") VALUES (NEW."id", NEW."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."public_id", NEW."service_id", NEW."version"); RETURN NULL;', hash='e332154bf2789ef3ff15a32869ef833b4f23713e', operation='UPDATE', pgid='pgtrigger_update_update_473fe', table='organisations_ward', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "organisations_wardevent" ("id", "name", "pgh_context", "pgh_created_at", "pgh_label", "public_id", "service_id", "version") VALUES (OLD."id", OLD."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."public_id", OLD."service_id", OLD."version"); RETURN NULL;', hash='f0ca3f69bbd2110d1536cfec033d3d8df6fa21dd', operation='DELETE', pgid='pgtrigger_delete_delete_4a5a3', table='organisations_ward', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='Bed',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('name', models.CharField(max_length=20)),
                ('is_open', models.BooleanField(default=True, verbose_name='In use')),
                ('version', models.PositiveIntegerField(default=0)),
                ('ward', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='beds', to='organisations.ward')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('ward', 'name'), name='a_bed_has_one_name_on_its_ward', violation_error_message='This ward already has a bed of that name.')],
                'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "organisations_bedevent" ("id", "is_open", "name", "pgh_context", "pgh_created_at", "pgh_label", "public_id", "version", "ward_id") VALUES (NEW."id", NEW."is_open", NEW."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."public_id", NEW."version", NEW."ward_id"); RETURN NULL;', hash='ec5ee6931be21c7cc66d7941c6202deb36927806', operation='INSERT', pgid='pgtrigger_insert_insert_2fa34', table='organisations_bed', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "organisations_bedevent" ("id", "is_open", "name", "pgh_context", "pgh_created_at", "pgh_label", "public_id", "version", "ward_id") VALUES (NEW."id", NEW."is_open", NEW."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."public_id", NEW."version", NEW."ward_id"); RETURN NULL;', hash='8a6e6e2e9ba01a8279b2ff3db1089ff6b183da72', operation='UPDATE', pgid='pgtrigger_update_update_ee351', table='organisations_bed', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "organisations_bedevent" ("id", "is_open", "name", "pgh_context", "pgh_created_at", "pgh_label", "public_id", "version", "ward_id") VALUES (OLD."id", OLD."is_open", OLD."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."public_id", OLD."version", OLD."ward_id"); RETURN NULL;', hash='1059dec0bb2bd95cb4d88b9c10852146346a3589', operation='DELETE', pgid='pgtrigger_delete_delete_88a44', table='organisations_bed', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='BedEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('id', models.BigIntegerField()),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('name', models.CharField(max_length=20)),
                ('is_open', models.BooleanField(default=True, verbose_name='In use')),
                ('version', models.PositiveIntegerField(default=0)),
                ('ward', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='organisations.ward')),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='d94b9b4708871d126650e6ebce3f842b3d10b540', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_257c6', table='organisations_bedevent', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='CommissionerEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('id', models.BigIntegerField()),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('kind', models.CharField(choices=[('collaborative', 'Provider collaborative'), ('nhs_england', 'NHS England'), ('icb', 'Integrated care board')], max_length=20)),
                ('name', models.CharField(max_length=120)),
                ('version', models.PositiveIntegerField(default=0)),
                ('region', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='organisations.region')),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='aab3f0ddd421313da3260fc1abc86b390764031c', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_94345', table='organisations_commissionerevent', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='ProviderEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('id', models.BigIntegerField()),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('name', models.CharField(max_length=120)),
                ('ods_code', models.CharField(max_length=5, verbose_name='ODS code')),
                ('sector', models.CharField(choices=[('nhs', 'NHS'), ('independent', 'Independent')], max_length=12)),
                ('version', models.PositiveIntegerField(default=0)),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='8cf5ac52b6af86369f9255c6fc4bf599ea5952d0', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_a40c6', table='organisations_providerevent', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='RegionEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('id', models.BigIntegerField()),
                ('code', models.CharField(max_length=3)),
                ('name', models.CharField(max_length=80)),
                ('version', models.PositiveIntegerField(default=0)),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='5823c2fcab8f7fd5169cebfd5e2a2ea6d82bd595', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_bf595', table='organisations_regionevent', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='ServiceEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('id', models.BigIntegerField()),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('kind', models.CharField(choices=[('hospital', 'Hospital'), ('community', 'Community team'), ('prison', 'Prison'), ('court', 'Court'), ('removal_centre', 'Immigration removal centre')], max_length=15)),
                ('code', models.CharField(max_length=9, verbose_name='ODS site code')),
                ('name', models.CharField(max_length=120)),
                ('alert_mailbox', models.EmailField(max_length=254, verbose_name='Shared mailbox for alerts')),
                ('referral_telephone', models.CharField(blank=True, default='', max_length=30, verbose_name='Referral telephone')),
                ('is_open', models.BooleanField(default=True, verbose_name='Open')),
                ('version', models.PositiveIntegerField(default=0)),
                ('commissioner', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='organisations.commissioner')),
                ('provider', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='organisations.provider')),
                ('region', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='organisations.region')),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='fcf072974959b91a5e8ba5e84828f899e4022e3e', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_575cf', table='organisations_serviceevent', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='WardDesignation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('tier', models.CharField(choices=[('high', 'High secure'), ('medium', 'Medium secure'), ('low', 'Low secure'), ('step_down', 'Step-down'), ('general', 'General psychiatric'), ('community', 'Community'), ('prison', 'Prison')], max_length=10)),
                ('gender', models.CharField(choices=[('men', 'Men'), ('women', 'Women'), ('mixed', 'Mixed')], max_length=5)),
                ('specialties', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=30), blank=True, default=list, size=None)),
                ('during', django.contrib.postgres.fields.ranges.DateTimeRangeField()),
                ('recorded_at', models.DateTimeField()),
                ('superseded_at', models.DateTimeField(null=True)),
                ('why', models.TextField(blank=True, default='')),
                ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('superseded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('ward', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='designations', to='organisations.ward')),
            ],
            options={
                'constraints': [django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('superseded_at', None)), expressions=[('ward', '='), ('during', '&&')], name='a_ward_is_one_thing_at_a_time', violation_error_message='The ward already has a designation for part of this time.'), models.CheckConstraint(condition=models.Q(('during__isempty', False)), name='a_ward_designation_lasts_some_time')],
                'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "organisations_warddesignationevent" ("during", "gender", "id", "pgh_context", "pgh_created_at", "pgh_label", "recorded_at", "recorded_by_id", "specialties", "superseded_at", "superseded_by_id", "tier", "ward_id", "why") VALUES (NEW."during", NEW."gender", NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."recorded_at", NEW."recorded_by_id", NEW."specialties", NEW."superseded_at", NEW."superseded_by_id", NEW."tier", NEW."ward_id", NEW."why"); RETURN NULL;', hash='93f775d3da3beab8692d139bef163ea6469d5c97', operation='INSERT', pgid='pgtrigger_insert_insert_1df52', table='organisations_warddesignation', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "organisations_warddesignationevent" ("during", "gender", "id", "pgh_context", "pgh_created_at", "pgh_label", "recorded_at", "recorded_by_id", "specialties", "superseded_at", "superseded_by_id", "tier", "ward_id", "why") VALUES (NEW."during", NEW."gender", NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."recorded_at", NEW."recorded_by_id", NEW."specialties", NEW."superseded_at", NEW."superseded_by_id", NEW."tier", NEW."ward_id", NEW."why"); RETURN NULL;', hash='3491dc093f2d7515391720688f791e71ca2a5633', operation='UPDATE', pgid='pgtrigger_update_update_15f47', table='organisations_warddesignation', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "organisations_warddesignationevent" ("during", "gender", "id", "pgh_context", "pgh_created_at", "pgh_label", "recorded_at", "recorded_by_id", "specialties", "superseded_at", "superseded_by_id", "tier", "ward_id", "why") VALUES (OLD."during", OLD."gender", OLD."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."recorded_at", OLD."recorded_by_id", OLD."specialties", OLD."superseded_at", OLD."superseded_by_id", OLD."tier", OLD."ward_id", OLD."why"); RETURN NULL;', hash='879aafc7a7ef4cfa5493652071ffe1935f1a4545', operation='DELETE', pgid='pgtrigger_delete_delete_06639', table='organisations_warddesignation', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='WardDesignationEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('id', models.BigIntegerField()),
                ('tier', models.CharField(choices=[('high', 'High secure'), ('medium', 'Medium secure'), ('low', 'Low secure'), ('step_down', 'Step-down'), ('general', 'General psychiatric'), ('community', 'Community'), ('prison', 'Prison')], max_length=10)),
                ('gender', models.CharField(choices=[('men', 'Men'), ('women', 'Women'), ('mixed', 'Mixed')], max_length=5)),
                ('specialties', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=30), blank=True, default=list, size=None)),
                ('during', django.contrib.postgres.fields.ranges.DateTimeRangeField()),
                ('recorded_at', models.DateTimeField()),
                ('superseded_at', models.DateTimeField(null=True)),
                ('why', models.TextField(blank=True, default='')),
                ('recorded_by', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('superseded_by', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('ward', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='organisations.ward')),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='43e03e625530f94946af0405b95ececbcbc26d50', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_1b95c', table='organisations_warddesignationevent', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='WardEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('id', models.BigIntegerField()),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('name', models.CharField(max_length=80)),
                ('version', models.PositiveIntegerField(default=0)),
                ('service', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='organisations.service')),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='fe3b356ab3e86643ecdecc088486b2d867b23934', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_468e9', table='organisations_wardevent', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('role', models.CharField(choices=[('clinician', 'Clinician'), ('liaison', 'Prison liaison'), ('commissioner', 'Commissioner'), ('administrator', 'Administrator')], max_length=15)),
                ('duties', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('case_manager', 'Case manager'), ('bed_manager', 'Bed manager'), ('mha_office', 'Mental Health Act office'), ('privacy', 'Privacy officer')], max_length=15), blank=True, default=list, size=None)),
                ('is_on_duty', models.BooleanField(default=True, verbose_name='Told about flags')),
                ('during', django.contrib.postgres.fields.ranges.DateTimeRangeField()),
                ('version', models.PositiveIntegerField(default=0)),
                ('commissioner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='organisations.commissioner')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('service', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='organisations.service')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('commissioner', None), ('role__in', ['clinician', 'liaison']), ('service__isnull', False)), models.Q(('commissioner__isnull', False), ('role', 'commissioner'), ('service', None)), models.Q(('commissioner', None), ('role', 'administrator'), ('service', None)), _connector='OR'), name='a_membership_is_where_its_role_works', violation_error_message='Clinicians and liaison staff belong to a service, commissioners to a commissioner, administrators to neither.'), django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('user', '='), ('role', '='), (django.db.models.functions.comparison.Coalesce(models.F('service_id'), 0), '='), (django.db.models.functions.comparison.Coalesce(models.F('commissioner_id'), 0), '='), ('during', '&&')], name='a_membership_is_held_once_at_a_time', violation_error_message='This person already has that role there for part of this time.'), models.CheckConstraint(condition=models.Q(('during__isempty', False)), name='a_membership_lasts_some_time')],
                'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "organisations_membershipevent" ("commissioner_id", "during", "duties", "id", "is_on_duty", "pgh_context", "pgh_created_at", "pgh_label", "public_id", "role", "service_id", "user_id", "version") VALUES (NEW."commissioner_id", NEW."during", NEW."duties", NEW."id", NEW."is_on_duty", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."public_id", NEW."role", NEW."service_id", NEW."user_id", NEW."version"); RETURN NULL;', hash='2a044371451ae140d19bbd3e72fe8edef5e41710', operation='INSERT', pgid='pgtrigger_insert_insert_ea1f9', table='organisations_membership', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "organisations_membershipevent" ("commissioner_id", "during", "duties", "id", "is_on_duty", "pgh_context", "pgh_created_at", "pgh_label", "public_id", "role", "service_id", "user_id", "version") VALUES (NEW."commissioner_id", NEW."during", NEW."duties", NEW."id", NEW."is_on_duty", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."public_id", NEW."role", NEW."service_id", NEW."user_id", NEW."version"); RETURN NULL;', hash='e73c32515ada1f2ff6fde3b1e890203b6a50a03b', operation='UPDATE', pgid='pgtrigger_update_update_8973b', table='organisations_membership', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "organisations_membershipevent" ("commissioner_id", "during", "duties", "id", "is_on_duty", "pgh_context", "pgh_created_at", "pgh_label", "public_id", "role", "service_id", "user_id", "version") VALUES (OLD."commissioner_id", OLD."during", OLD."duties", OLD."id", OLD."is_on_duty", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."public_id", OLD."role", OLD."service_id", OLD."user_id", OLD."version"); RETURN NULL;', hash='5d149b2b48bbf3666aeb5a7ccb47ccb4edb760da', operation='DELETE', pgid='pgtrigger_delete_delete_b591d', table='organisations_membership', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='ApiKeyEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('id', models.BigIntegerField()),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('name', models.CharField(max_length=80, verbose_name='What the key is for')),
                ('hash', models.CharField(help_text='SHA-256 of the key, in hexadecimal.', max_length=64)),
                ('during', django.contrib.postgres.fields.ranges.DateTimeRangeField()),
                ('last_used_on', models.DateField(help_text='To the day, so that reading writes once a day.', null=True)),
                ('revoked_at', models.DateTimeField(null=True)),
                ('why_revoked', models.CharField(blank=True, default='', max_length=200)),
                ('made_by', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('revoked_by', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('membership', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='organisations.membership')),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='ed9ca84f262aab49feb076e276b94db8acff08ad', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_c1a40', table='organisations_apikeyevent', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='ApiKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('name', models.CharField(max_length=80, verbose_name='What the key is for')),
                ('hash', models.CharField(help_text='SHA-256 of the key, in hexadecimal.', max_length=64, unique=True)),
                ('during', django.contrib.postgres.fields.ranges.DateTimeRangeField()),
                ('last_used_on', models.DateField(help_text='To the day, so that reading writes once a day.', null=True)),
                ('revoked_at', models.DateTimeField(null=True)),
                ('why_revoked', models.CharField(blank=True, default='', max_length=200)),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('revoked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('membership', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='api_keys', to='organisations.membership')),
            ],
            options={
                'constraints': [django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('revoked_at', None)), expressions=[('membership', '='), ('name', '='), ('during', '&&')], name='a_membership_has_one_key_of_a_name', violation_error_message='This role already has a key of that name. Choose another, or revoke that one.'), models.CheckConstraint(condition=models.Q(models.Q(('revoked_at', None), ('why_revoked', '')), models.Q(('revoked_at__isnull', False), models.Q(('why_revoked', ''), _negated=True)), _connector='OR'), name='a_key_is_revoked_with_a_reason', violation_error_message='Say why.')],
                'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "organisations_apikeyevent" ("during", "hash", "id", "last_used_on", "made_by_id", "membership_id", "name", "pgh_context", "pgh_created_at", "pgh_label", "public_id", "revoked_at", "revoked_by_id", "why_revoked") VALUES (NEW."during", NEW."hash", NEW."id", NEW."last_used_on", NEW."made_by_id", NEW."membership_id", NEW."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."public_id", NEW."revoked_at", NEW."revoked_by_id", NEW."why_revoked"); RETURN NULL;', hash='ab86d0f2564eae131492d160f85459f6f4fca5d5', operation='INSERT', pgid='pgtrigger_insert_insert_fdca5', table='organisations_apikey', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "organisations_apikeyevent" ("during", "hash", "id", "last_used_on", "made_by_id", "membership_id", "name", "pgh_context", "pgh_created_at", "pgh_label", "public_id", "revoked_at", "revoked_by_id", "why_revoked") VALUES (NEW."during", NEW."hash", NEW."id", NEW."last_used_on", NEW."made_by_id", NEW."membership_id", NEW."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."public_id", NEW."revoked_at", NEW."revoked_by_id", NEW."why_revoked"); RETURN NULL;', hash='4861d0b51882ad2e5783c507a9e3ec138ed5af1c', operation='UPDATE', pgid='pgtrigger_update_update_fc607', table='organisations_apikey', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "organisations_apikeyevent" ("during", "hash", "id", "last_used_on", "made_by_id", "membership_id", "name", "pgh_context", "pgh_created_at", "pgh_label", "public_id", "revoked_at", "revoked_by_id", "why_revoked") VALUES (OLD."during", OLD."hash", OLD."id", OLD."last_used_on", OLD."made_by_id", OLD."membership_id", OLD."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."public_id", OLD."revoked_at", OLD."revoked_by_id", OLD."why_revoked"); RETURN NULL;', hash='3da554d80fdf3c0d4b6ba2a2956bf17ed019be4d', operation='DELETE', pgid='pgtrigger_delete_delete_ed407', table='organisations_apikey', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='MembershipEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('id', models.BigIntegerField()),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('role', models.CharField(choices=[('clinician', 'Clinician'), ('liaison', 'Prison liaison'), ('commissioner', 'Commissioner'), ('administrator', 'Administrator')], max_length=15)),
                ('duties', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('case_manager', 'Case manager'), ('bed_manager', 'Bed manager'), ('mha_office', 'Mental Health Act office'), ('privacy', 'Privacy officer')], max_length=15), blank=True, default=list, size=None)),
                ('is_on_duty', models.BooleanField(default=True, verbose_name='Told about flags')),
                ('during', django.contrib.postgres.fields.ranges.DateTimeRangeField()),
                ('version', models.PositiveIntegerField(default=0)),
                ('commissioner', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='organisations.commissioner')),
                ('user', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('service', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='organisations.service')),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='4cc7fa317e08ccd5435257e214c0adee8a67644b', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_8c259', table='organisations_membershipevent', when='BEFORE'))],
            },
        ),
    ]
