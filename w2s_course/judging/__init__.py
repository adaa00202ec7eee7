"""What an explanation claims (`claims`), and whether it is true (`execution`). No model is asked."""
