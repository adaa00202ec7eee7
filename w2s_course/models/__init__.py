"""The course's models: which exist, where their weights come from, how they are trained and asked."""
