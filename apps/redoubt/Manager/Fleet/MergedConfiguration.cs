namespace Redoubt.App.Manager;

/// <summary>The shared configuration of an agent's groups together.</summary>
/// <param name="Sha256">Of the content, lower-case hexadecimal.</param>
/// <param name="Content">Empty when the groups have no file.</param>
internal sealed record MergedConfiguration(string Sha256, byte[] Content);
