"""Receipts: whether an SMS reached the telephone."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("ecosystem", "0011_history"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="message",
            name="a_message_s_state_is_known",
        ),
        migrations.RemoveConstraint(
            model_name="message",
            name="only_a_sent_message_has_a_time_of_sending",
        ),
        migrations.AddField(
            model_name="message",
            name="delivered_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="message",
            name="provider_id",
            field=models.CharField(blank=True, max_length=100),
        ),
        migrations.AlterField(
            model_name="message",
            name="state",
            field=models.CharField(
                choices=[
                    ("waiting", "Waiting"),
                    ("sending", "Being sent"),
                    ("sent", "Sent"),
                    ("delivered", "Delivered"),
                    ("failed", "Failed"),
                ],
                default="waiting",
                max_length=9,
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("provider_id", ""), _negated=True),
                fields=["provider_id"],
                name="messages_by_provider_s_id",
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["waiting", "sending", "sent", "delivered", "failed"])),
                name="a_message_s_state_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(("sent_at", None), ("state__in", ["sent", "delivered", "failed"]), _connector="OR"),
                name="only_a_sent_message_has_a_time_of_sending",
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("delivered_at__isnull", False), ("sent_at__isnull", False), ("state", "delivered")),
                    models.Q(models.Q(("state", "delivered"), _negated=True), ("delivered_at", None)),
                    _connector="OR",
                ),
                name="a_delivered_message_was_sent_and_has_its_time",
            ),
        ),
    ]
