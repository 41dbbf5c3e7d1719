using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using Redoubt.Config;
using Redoubt.Host;
using Redoubt.Show;

namespace Redoubt.App.Commands;

/// <summary>Talks to the manager of this host over its socket.</summary>
internal sealed class ManagerClient : IDisposable
{
    private readonly HttpClient _http;
    private readonly string _socket;

    internal ManagerClient(HomePaths paths)
    {
        _socket = paths.ManagerSocket;
        _http = new HttpClient(
            new SocketsHttpHandler
            {
                UseProxy = false,
                ConnectCallback = async (_, cancellation) =>
                {
                    var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                    await socket.ConnectAsync(new UnixDomainSocketEndPoint(_socket), cancellation);
                    return new NetworkStream(socket, ownsSocket: true);
                },
            }
        )
        {
            BaseAddress = new Uri("http://manager/"),
            Timeout = TimeSpan.FromSeconds(60),
        };
    }

    /// <exception cref="StartException">The manager does not answer.</exception>
    internal Task<T> GetAsync<T>(string path) => CallAsync<T>(() => _http.GetAsync(new Uri(path, UriKind.Relative)));

    /// <exception cref="StartException">The manager does not answer, or refuses.</exception>
    internal Task<T> PostAsync<T>(string path, object? body = null) =>
        CallAsync<T>(() => _http.PostAsJsonAsync(new Uri(path, UriKind.Relative), body ?? new object(), ApiJson.Options));

    public void Dispose() => _http.Dispose();

    private async Task<T> CallAsync<T>(Func<Task<HttpResponseMessage>> call)
    {
        try
        {
            using var response = await call();
            if (response.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.Conflict)
                throw new StartException(
                    await response.Content.ReadFromJsonAsync<string>(ApiJson.Options) ?? "The manager refuses.",
                    response.StatusCode == HttpStatusCode.BadRequest ? StartException.Usage : StartException.Refused
                );

            response.EnsureSuccessStatusCode();
            return await response.Content.ReadFromJsonAsync<T>(ApiJson.Options)
                ?? throw new StartException("The manager gave an empty answer.", StartException.Unreachable);
        }
        catch (HttpRequestException e)
        {
            var why = e.InnerException is SocketException { SocketErrorCode: SocketError.AccessDenied }
                ? "this user may not use it; be root, or a member of the group redoubt"
                : "start one with 'redoubt up' or 'redoubt manager', or give its --home";
            throw new StartException($"No manager answers on {_socket}: {why}.", StartException.Unreachable);
        }
    }
}
