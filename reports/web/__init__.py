"""The web report: a static site of the warehouse's figures, for readers without help, scripts or a wide screen."""
