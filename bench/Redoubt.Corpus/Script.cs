namespace Redoubt.Corpus;

/// <summary>The lines that one happening leaves in the logs, in their order.</summary>
/// <param name="Weight">How often it happens, against the other scripts of its table.</param>
/// <param name="IsAttack">Whether its address is one of the attackers' or one of the owner's own.</param>
/// <param name="Lines">Its lines.</param>
internal sealed record Script(int Weight, bool IsAttack, LineTemplate[] Lines)
{
    /// <summary>A script whose lines all have the head of syslog.</summary>
    public static Script Syslog(int weight, bool isAttack, params string[] lines) =>
        new(weight, isAttack, Array.ConvertAll(lines, line => new LineTemplate("{head} " + line)));

    /// <summary>A script of lines that bring their own time.</summary>
    public static Script Plain(int weight, bool isAttack, params string[] lines) =>
        new(weight, isAttack, Array.ConvertAll(lines, line => new LineTemplate(line)));
}
