namespace Redoubt.App.Commands;

/// <summary>Who types: for the ledger, which tells every decision's author.</summary>
internal static class Person
{
    /// <summary><c>person:NAME</c>; behind sudo the one who called it.</summary>
    internal static string Name =>
        "person:" + (Environment.GetEnvironmentVariable("SUDO_USER") is { Length: > 0 } caller ? caller : Environment.UserName);
}
