using Microsoft.Extensions.Logging;
using Redoubt.Agent.Link;
using Redoubt.Config;
using Redoubt.Host;
using Redoubt.Transport.Certificates;
using Redoubt.Transport.Link;

namespace Redoubt.Agent.Join;

/// <summary>How a host becomes part of a fleet: which managers it asks, and with what it enrols.</summary>
internal static class Joining
{
    /// <summary>Enrols this host where it holds no usable certificate.</summary>
    /// <returns>Whether it joined just now, or was told to end while it tried.</returns>
    /// <exception cref="StartException">It cannot join: no token, a certificate that is over or broken, or the manager refused.</exception>
    internal static async Task<bool> EnrolAsync(
        HomePaths paths,
        IReadOnlyList<ManagerAddress> managers,
        EnrolmentToken? token,
        string name,
        TimeProvider time,
        ILogger log,
        CancellationToken stopping
    )
    {
        Directory.CreateDirectory(paths.AgentFolder);
        var isRefused = RefusalNote.Exists(paths.AgentFolder);
        bool isUsable;
        using (var credentials = LoadCredentials(paths))
        {
            isUsable = credentials is not null && !credentials.IsExpired(time.GetUtcNow());
            if (isUsable && (token is null || !isRefused))
                return false;

            if (credentials is not null && token is null)
            {
                throw new StartException(
                    $"The certificate of this agent ended on {credentials.Certificate.NotAfter:yyyy-MM-dd}, and this host's clock says {time.GetLocalNow():yyyy-MM-dd HH:mm}. "
                        + "If the clock is right, enrol again: make a token on the manager with 'redoubt agents token --agent' and start with --token-file.",
                    StartException.Refused
                );
            }
        }

        if (token is null)
            throw new StartException(
                $"This host is not enrolled ({paths.AgentFolder} holds no certificate). Make a token on the manager with 'redoubt agents token' and start with --token-file.",
                StartException.Usage
            );

        try
        {
            await HostEnrolment.RunAsync(managers, token, paths.AgentFolder, name, time, log, stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return true;
        }
        catch (StartException e) when (isUsable)
        {
            // The token that this host joined with once: what it holds is kept, and the manager asked again from time to time.
            log.TriesRefused(e.Message);
            return false;
        }

        return true;
    }

    /// <summary>Names the ledger of the manager that this host has joined.</summary>
    /// <exception cref="StartException">Its certificate cannot be read.</exception>
    internal static string LedgerOf(HomePaths paths)
    {
        using var credentials = LoadCredentials(paths);
        return credentials?.AuthorityFingerprint
            ?? throw new StartException($"The certificate in {paths.AgentFolder} has gone.", StartException.Unreachable);
    }

    private static AgentCredentials? LoadCredentials(HomePaths paths)
    {
        try
        {
            return AgentCredentials.Load(paths.AgentFolder);
        }
        catch (Exception e) when (e is System.Security.Cryptography.CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new StartException(
                $"The certificate in {paths.AgentFolder} cannot be used: {e.Message} Remove the folder and enrol again with a token from 'redoubt agents token'.",
                StartException.Unreachable
            );
        }
    }

    /// <summary>The token of a file, or of standard input.</summary>
    /// <param name="file">Its path; <c>-</c> is standard input.</param>
    /// <exception cref="StartException">It cannot be read, or holds none.</exception>
    internal static EnrolmentToken ReadToken(string file)
    {
        string text;
        try
        {
            text = string.Equals(file, "-", StringComparison.Ordinal) ? Console.In.ReadToEnd() : File.ReadAllText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartException($"The token file cannot be read: {e.Message}", StartException.Unreachable);
        }

        return EnrolmentToken.Parse(text)
            ?? throw new StartException(
                $"{(file == "-" ? "Standard input" : file)} holds no enrolment token. Make one on the manager with: redoubt agents token",
                StartException.Refused
            );
    }

    /// <summary>The managers that were named, or those that this host knew before.</summary>
    /// <exception cref="StartException">None is known, or what was named is no address.</exception>
    internal static IReadOnlyList<ManagerAddress> ManagersOf(AgentArguments arguments, HomePaths paths)
    {
        var given = arguments.Managers.SelectMany(m => m.Split(',', StringSplitOptions.RemoveEmptyEntries)).ToArray();
        if (given.Length == 0)
        {
            return ManagerList.Load(paths.AgentFolder)
                ?? throw new StartException("No manager is known. Give one with --manager ADDR[:7514].", StartException.Usage);
        }

        return
        [
            .. given.Select(m =>
                ManagerAddress.Parse(m)
                ?? throw new StartException($"'{m}' is not a manager's address. Write ADDR or ADDR:PORT.", StartException.Usage)
            ),
        ];
    }
}
