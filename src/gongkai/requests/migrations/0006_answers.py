from django.db import migrations, models


class Migration(migrations.Migration):
    """The tally holds the channel and how long the answer took; `gongkai rebuild` fills them for what was there."""

    dependencies = [
        ('requests', '0005_newest_of_all'),
    ]

    operations = [
        migrations.AddField(model_name='requesttally', name='channel', field=models.CharField(blank=True, default='', max_length=16), preserve_default=False),
        migrations.AddField(model_name='requesttally', name='workdays', field=models.SmallIntegerField(null=True)),
        migrations.AddField(model_name='requesttally', name='late', field=models.BooleanField(null=True)),
    ]
