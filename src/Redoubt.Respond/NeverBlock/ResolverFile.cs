using Redoubt.Model;

namespace Redoubt.Respond.NeverBlock;

/// <summary>The name servers of <c>resolv.conf</c>.</summary>
internal static class ResolverFile
{
    /// <summary>Reads the <c>nameserver</c> lines; a zone id is left out, what is no address is passed over.</summary>
    /// <exception cref="IOException">The file is there but cannot be read.</exception>
    internal static IEnumerable<ProtectedTarget> Read(string path)
    {
        foreach (var line in HostFiles.ReadLines(path))
        {
            var words = line.Split((char[])[' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
            if (
                words.Length >= 2
                && string.Equals(words[0], "nameserver", StringComparison.Ordinal)
                && BlockTarget.TryParse(words[1].Split('%')[0], out var target)
            )
                yield return new ProtectedTarget(target, "a name server of this host");
        }
    }
}
