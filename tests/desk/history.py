"""The change history of a row, for tests of managing."""


def history(model, **of):
    """How many versions of a row are kept."""
    events = model._meta.app_config.get_model(f"{model.__name__}Event")
    return events.objects.filter(**of).count()
