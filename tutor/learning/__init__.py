"""What a learner did, kept in one SQL database: chats, interviews, and what graded work came to."""
