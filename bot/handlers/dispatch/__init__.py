"""From a payload of Slack's to an answer: who came, what they may, what they wanted, how they hear of it."""
