"""The sign-in forms in our words."""

from allauth.account import forms as allauth_forms

from core.forms import speak_plainly

HINT_FOR_A_NEW_ONE = "At least 12 characters. Three words that do not belong together make a good one."


class SignInForm(allauth_forms.LoginForm):
    """E-mail address and password."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = "E-mail address"
        self.fields["password"].help_text = ""
        speak_plainly(self)


class ResetPasswordForm(allauth_forms.ResetPasswordForm):
    """The address to send a link to."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = "E-mail address"
        speak_plainly(self)


class NewPasswordForm(allauth_forms.ResetPasswordKeyForm):
    """A new password, twice, by the link that was sent."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        _ask_for_new_password(self)


class ChangePasswordForm(allauth_forms.ChangePasswordForm):
    """The present password, and a new one twice."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"].label = "Present password"
        self.fields["oldpassword"].help_text = ""
        _ask_for_new_password(self)


class ReauthenticateForm(allauth_forms.ReauthenticateForm):
    """The password again, before something that needs it."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        speak_plainly(self)


def _ask_for_new_password(form) -> None:
    form.fields["password1"].label = "New password"
    form.fields["password1"].help_text = HINT_FOR_A_NEW_ONE
    form.fields["password2"].label = "New password again"
    speak_plainly(form)
