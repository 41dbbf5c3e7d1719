using System.Net.Sockets;
using Microsoft.Win32.SafeHandles;

namespace Redoubt.Respond;

/// <summary>The listening socket <c>var/run/enforcer.sock</c> of a home, for one enforcer at a time.</summary>
internal sealed class EnforcerSocket : IDisposable
{
    // What is left is 0666: agent and enforcer may start in either order, so the agent's user may not be known yet.
    // Who may ask is decided by what the kernel says of each caller.
    private const UnixFileMode Hidden = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private readonly SafeFileHandle claim;
    private readonly ulong inode;

    private EnforcerSocket(string path, Socket listener, SafeFileHandle claim)
    {
        Path = path;
        Listener = listener;
        this.claim = claim;
        inode = PosixFile.Look(path)?.Inode ?? 0;
    }

    /// <summary>Where it is.</summary>
    internal string Path { get; }

    /// <summary>Accepts callers.</summary>
    internal Socket Listener { get; }

    /// <summary>Opens it, replacing one that a killed enforcer left behind.</summary>
    /// <exception cref="EnforcerStartException">Another enforcer runs, or the folder does not allow it.</exception>
    internal static EnforcerSocket Open(string home)
    {
        var path = System.IO.Path.Join(home, "var", "run", "enforcer.sock");
        SafeFileHandle? held = null;
        Socket? listener = null;
        try
        {
            var owner = PosixFile.Look(home) ?? throw new IOException($"{home} is not there");
            HomeFolder.Make(home, "var", "run");

            // The kernel ends the claim with its holder, however that ends; two that start at once cannot both have it.
            held = PosixFile.OpenForAppend(
                System.IO.Path.Join(home, "var", "run"),
                "enforcer.lock",
                UnixFileMode.UserRead | UnixFileMode.UserWrite
            );
            if (!PosixFile.TryLock(held) || Answers(path))
                throw new EnforcerStartException($"another enforcer is running for {home} (it answers on {path}); end that one first");

            RemoveStale(path);
            listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            var binding = listener;
            PosixFile.ActAs(user: 0, owner.Group, Hidden, () => binding.Bind(new UnixDomainSocketEndPoint(path)));
            listener.Listen(64);
            return new EnforcerSocket(path, listener, held);
        }
        catch (Exception e)
        {
            listener?.Dispose();
            held?.Dispose();
            if (e is IOException or SocketException or UnauthorizedAccessException or ArgumentException)
                throw new EnforcerStartException($"cannot open the socket {path}: {e.Message}", e);
            throw;
        }
    }

    /// <summary>Closes it and takes it out of the folder, unless somebody else has put another one there.</summary>
    public void Dispose()
    {
        if (PosixFile.Look(Path)?.Inode == inode)
            File.Delete(Path);
        Listener.Dispose();
        claim.Dispose();
    }

    private static bool Answers(string path)
    {
        if (PosixFile.Look(path) is not { IsSocket: true })
            return false;

        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static void RemoveStale(string path)
    {
        var status = PosixFile.Look(path);
        if (status is null)
            return;
        if (!status.Value.IsSocket)
            throw new EnforcerStartException($"{path} is there but is no socket; remove it");

        File.Delete(path);
    }
}
