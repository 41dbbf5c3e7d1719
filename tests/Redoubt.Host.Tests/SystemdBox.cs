using System.Net.Sockets;
using System.Text;

namespace Redoubt.Tests.Host;

/// <summary>A notify socket as systemd has it: a datagram socket in a folder, or with an abstract name.</summary>
internal sealed class SystemdBox : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("rdt-host-");
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);

    internal SystemdBox(bool isAbstract = false)
    {
        Name = isAbstract ? $"@{_folder.Name}" : Path.Combine(_folder.FullName, "notify");
        _socket.Bind(new UnixDomainSocketEndPoint(isAbstract ? "\0" + Name[1..] : Name));
        _socket.ReceiveTimeout = 20_000;
    }

    /// <summary>What stands in <c>NOTIFY_SOCKET</c>.</summary>
    internal string Name { get; }

    /// <summary>Whether nothing is there to be received.</summary>
    internal bool IsSilent => _socket.Available == 0;

    /// <summary>The next notice; waits for it.</summary>
    internal string Receive()
    {
        var bytes = new byte[4096];
        return Encoding.UTF8.GetString(bytes, 0, _socket.Receive(bytes));
    }

    public void Dispose()
    {
        _socket.Dispose();
        _folder.Delete(recursive: true);
    }
}
