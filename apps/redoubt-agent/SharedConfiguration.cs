using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Redoubt.Config;
using Redoubt.Model;
using Redoubt.Transport.Protocol;

namespace Redoubt.Agent;

/// <summary>The centrally distributed <c>agent.conf</c> on this host: kept durably, in force until a valid newer one comes.</summary>
/// <remarks>Threads: the link's reading task.</remarks>
internal sealed class SharedConfiguration
{
    private readonly string _path;
    private readonly ILogger _log;
    private readonly Func<bool> _takesCommands;
    private AgentHost _host;

    /// <param name="stateFolder">Keeps it.</param>
    /// <param name="host">For the filters of its blocks.</param>
    /// <param name="takesCommands">Asked at each reading: whether commands of the manager may run here.</param>
    /// <param name="log">Told what an operator must know.</param>
    internal SharedConfiguration(string stateFolder, AgentHost host, Func<bool> takesCommands, ILogger log)
    {
        _takesCommands = takesCommands;
        _path = Path.Combine(stateFolder, "agent.conf");
        _host = host;
        _log = log;
        ReadStored();
    }

    /// <summary>What is in force.</summary>
    internal AgentConf Current { get; private set; } = AgentConf.Empty;

    /// <summary>Its hash; empty when none came yet.</summary>
    internal string Sha256 { get; private set; } = string.Empty;

    /// <summary>Reads what is stored once more, for a host that is now called or described otherwise.</summary>
    /// <returns>False when the host is the same as before.</returns>
    internal bool Use(AgentHost host)
    {
        if (host == _host)
            return false;

        _host = host;
        ReadStored();
        return true;
    }

    /// <summary>Takes a new one, or keeps the old one when it is not valid.</summary>
    internal ConfigReport Take(SharedConfig config)
    {
        var content = config.Content.ToByteArray();
        var hash = HashOf(content);
        if (!string.Equals(hash, config.Sha256, StringComparison.Ordinal))
            return Refuse(config.Sha256, "the content does not fit its hash");

        var diagnostics = new DiagnosticBag();
        var conf = AgentConfReader.Read(content, "agent.conf", _host, diagnostics, _takesCommands());
        if (diagnostics.All.FirstOrDefault(d => d.Severity == Severity.Error) is { } error)
            return Refuse(hash, error.ToString());

        try
        {
            var temporary = _path + ".new";
            File.WriteAllBytes(temporary, content);
            File.Move(temporary, _path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Refuse(hash, e.Message);
        }

        foreach (var warning in diagnostics.All.Where(d => d.Severity == Severity.Warning))
            _log.ConfigurationWarning(warning.ToString());

        (Current, Sha256) = (conf, hash);
        _log.SharedInForce(hash[..12], conf.LocalFiles.Count);
        return new ConfigReport { Sha256 = hash, Applied = true };
    }

    private void ReadStored()
    {
        if (!File.Exists(_path))
            return;

        var content = File.ReadAllBytes(_path);
        var diagnostics = new DiagnosticBag();
        var stored = AgentConfReader.Read(content, _path, _host, diagnostics, _takesCommands());
        if (diagnostics.HasErrors)
        {
            _log.StoredSharedDamaged(diagnostics.All[0]);
            return;
        }

        (Current, Sha256) = (stored, HashOf(content));
    }

    private ConfigReport Refuse(string hash, string reason)
    {
        _log.SharedNotApplied(reason);
        return new ConfigReport
        {
            Sha256 = hash,
            Applied = false,
            Reason = reason,
        };
    }

    private static string HashOf(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));
}
