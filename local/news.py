"""What SES tells EventBridge of a mail: the events of its event publishing.

Source: SES developer guide, "Contents of event data" (`mail`, `bounce`, ...), and EventBridge
events reference, "Amazon Simple Email Service events" (the envelope and its `detail-type`).
"""

import uuid
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from local.aws import Mail
from local.resources import STACK
from local.template import ACCOUNT, REGION, Json

DETAIL_TYPES = {
    "Send": "Email Sent",
    "Delivery": "Email Delivered",
    "Bounce": "Email Bounced",
    "Complaint": "Email Complaint Received",
    "Reject": "Email Rejected",
}
# moto forgets the tags that a mail was sent with; these headers of the letter say the same.
TAGS = {"oid": "X-ASVI-Reference", "letter": "X-ASVI-Letter"}
ARN = f"arn:aws:ses:{REGION}:{ACCOUNT}"
REPORTING = "a6-1.smtp-out.eu-west-3.amazonses.com"
TRAVEL_MS = 842


def event_of(kind: str, mail: Mail, now: datetime) -> Json:
    """Give the event that tells of a mail; `kind` is a key of DETAIL_TYPES, `now` is aware."""
    return {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": DETAIL_TYPES[kind],
        "source": "aws.ses",
        "account": ACCOUNT,
        "time": now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "region": REGION,
        "resources": [f"{ARN}:configuration-set/{STACK}"],
        "detail": {
            "eventType": kind,
            "mail": _mail(mail, now),
            kind.lower(): _happened(kind, mail, now),
        },
    }


def _mail(mail: Mail, now: datetime) -> Json:
    message = message_from_bytes(mail.raw, _class=EmailMessage, policy=default)
    sent_at = message["Date"].datetime if message["Date"] else now
    return {
        "timestamp": _instant(sent_at),
        "source": mail.source,
        "sourceArn": f"{ARN}:identity/{mail.source}",
        "sendingAccountId": ACCOUNT,
        "messageId": mail.id,
        "destination": list(mail.to),
        "headersTruncated": False,
        "headers": [{"name": name, "value": str(value)} for name, value in message.items()],
        "commonHeaders": {
            "from": [str(message["From"] or mail.source)],
            "to": list(mail.to),
            "messageId": mail.id,
            "subject": str(message["Subject"] or ""),
        },
        "tags": _tags(message, mail),
    }


def _tags(message: EmailMessage, mail: Mail) -> dict[str, list[str]]:
    """Give SES's own tags, and the letter's; every value is a list."""
    ours = {tag: [str(message[header])] for tag, header in TAGS.items() if message[header]}
    return {
        "ses:operation": ["SendEmail"],
        "ses:configuration-set": [STACK],
        "ses:from-domain": [mail.source.rpartition("@")[2]],
    } | ours


def _happened(kind: str, mail: Mail, now: datetime) -> Json:
    """Give the part of an event that only its kind has."""
    at = {"timestamp": _instant(now)}
    feedback = at | {"feedbackId": f"{uuid.uuid4()}-000000"}
    recipients = [{"emailAddress": address} for address in mail.to]
    no_such_user = {
        "action": "failed",
        "status": "5.1.1",
        "diagnosticCode": "smtp; 550 5.1.1 user unknown",
    }
    parts: dict[str, Json] = {
        "Send": {},
        "Delivery": at
        | {
            "processingTimeMillis": TRAVEL_MS,
            "recipients": list(mail.to),
            "smtpResponse": "250 2.0.0 OK",
            "reportingMTA": REPORTING,
        },
        "Bounce": feedback
        | {
            "bounceType": "Permanent",
            "bounceSubType": "General",
            "bouncedRecipients": [one | no_such_user for one in recipients],
            "reportingMTA": f"dsn; {REPORTING}",
        },
        "Complaint": feedback
        | {
            "complainedRecipients": recipients,
            "complaintSubType": None,
            "complaintFeedbackType": "abuse",
            "userAgent": "local mailbox",
            "arrivalDate": _instant(now),
        },
        "Reject": {"reason": "Bad content"},
    }
    return parts[kind]


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
