from django.db import migrations


class Migration(migrations.Migration):
    """Rates are counted at ``identity`` for every way in; the counts of a minute are not worth keeping."""

    dependencies = [
        ('api', '0001_initial'),
    ]

    operations = [
        migrations.DeleteModel(name='Rate'),
    ]
