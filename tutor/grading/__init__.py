"""What an attempt is worth: guards, evidence, judgement, calibration, feedback."""
