"""Identity: who is at the other end. Sign-in, second factor, sessions, real-name citizens."""
