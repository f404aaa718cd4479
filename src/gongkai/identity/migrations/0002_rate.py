from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('identity', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Rate',
            fields=[
                ('key', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('minute', models.BigIntegerField(db_index=True)),
                ('count', models.PositiveIntegerField()),
            ],
        ),
    ]
