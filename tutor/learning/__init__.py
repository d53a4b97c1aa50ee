"""What the learner did, kept: chat sessions, mock interviews and preferences, in one SQL database."""
