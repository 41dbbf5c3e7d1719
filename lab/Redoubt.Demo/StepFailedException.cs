namespace Redoubt.Demo;

/// <summary>A step of the story did not hold.</summary>
/// <param name="expected">What was expected, as a sentence.</param>
public sealed class StepFailedException(string expected) : Exception(expected);
