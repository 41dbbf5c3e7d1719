using System.Diagnostics;
using System.Globalization;

namespace Redoubt.Demo;

/// <summary>Tells the story on the terminal: a heading a chapter, one line a fact.</summary>
/// <param name="output">Where to.</param>
/// <param name="coloured">Whether it is a terminal that shows colours.</param>
public sealed class Narrator(TextWriter output, bool coloured)
{
    private readonly long _begin = Stopwatch.GetTimestamp();
    private int _chapter;

    /// <summary>The title, once.</summary>
    public void Title(string text) => output.WriteLine($"\n  {Bold(text)}");

    /// <summary>Begins a chapter.</summary>
    public void Chapter(string text) =>
        output.WriteLine($"\n  {Bold(string.Create(CultureInfo.InvariantCulture, $"{++_chapter}  {text}"))}");

    /// <summary>Something that was expected and came true.</summary>
    public void Held(string text) => output.WriteLine($"     {Paint("✓", "32")} {text}");

    /// <summary>Something worth knowing.</summary>
    public void Note(string text) => output.WriteLine($"       {Paint(text, "2")}");

    /// <summary>A command line as a user would type it.</summary>
    public void Command(string text) => output.WriteLine($"     {Paint("$ " + text, "36")}");

    /// <summary>The step that did not hold.</summary>
    public void Failed(string text) => output.WriteLine($"     {Paint("✗", "31")} {text.ReplaceLineEndings("\n       ")}");

    /// <summary>Checks a fact and tells it.</summary>
    /// <exception cref="StepFailedException">It does not hold.</exception>
    public void Expect(bool holds, string fact)
    {
        if (!holds)
            throw new StepFailedException($"Expected: {fact}");

        Held(fact);
    }

    /// <summary>The last line.</summary>
    public void End(bool allHeld)
    {
        var seconds = Stopwatch.GetElapsedTime(_begin).TotalSeconds;
        output.WriteLine(
            allHeld
                ? string.Create(
                    CultureInfo.InvariantCulture,
                    $"\n  {Paint("Every step held", "32")}, in {seconds:F0} s. Nothing is left behind: no namespace, process or firewall table.\n"
                )
                : $"\n  {Paint("The story broke off", "31")}; its virtual hosts are gone.\n"
        );
    }

    private string Bold(string text) => Paint(text, "1");

    private string Paint(string text, string code) => coloured ? $"\e[{code}m{text}\e[0m" : text;
}
