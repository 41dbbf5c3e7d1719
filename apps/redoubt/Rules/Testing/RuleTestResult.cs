namespace Redoubt.App.Rules.Testing;

/// <summary>How a test ended.</summary>
/// <param name="Test">The test.</param>
/// <param name="Rule">Rule of the last line, or null.</param>
/// <param name="Level">Its level, or null.</param>
/// <param name="Decoder">Decoder of the last line, or null.</param>
/// <param name="Problems">What is not as it should be, each in words; none when the test holds.</param>
internal sealed record RuleTestResult(RuleTest Test, int? Rule, int? Level, string? Decoder, IReadOnlyList<string> Problems)
{
    internal bool Passed => Problems.Count == 0;
}
