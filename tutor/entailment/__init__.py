"""Does a text state, support or deny another? Asked of attempts, of written answers and of documents."""
