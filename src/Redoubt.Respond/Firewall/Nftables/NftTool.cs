namespace Redoubt.Respond.Firewall.Nftables;

/// <summary>The <c>nft</c> program with a script on its standard input. Used for setting up only, never for a block.</summary>
internal sealed class NftTool(SystemProgram program)
{
    /// <summary>Finds the program in the system's folders.</summary>
    /// <returns>Null when it is not installed.</returns>
    internal static NftTool? Find() => SystemProgram.Find("nft") is { } found ? new NftTool(found) : null;

    /// <summary>Runs one script: all of it, or nothing.</summary>
    /// <exception cref="FirewallSetupException">It could not be started, took too long, or refused.</exception>
    internal void Run(string script) => program.Run(["-f", "-"], script);
}
