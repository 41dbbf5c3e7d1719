using System.Runtime.InteropServices;

namespace Redoubt.Host;

/// <summary>SIGTERM and SIGINT end a process in order; SIGHUP reloads it.</summary>
public sealed class Shutdown : IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<PosixSignalRegistration> _registrations = [];

    /// <summary>Listens from now on.</summary>
    /// <param name="reload">Called for SIGHUP; null: SIGHUP is ignored.</param>
    public Shutdown(Action? reload = null)
    {
        foreach (var signal in new[] { PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGQUIT })
            _registrations.Add(PosixSignalRegistration.Create(signal, Stop));

        _registrations.Add(
            PosixSignalRegistration.Create(
                PosixSignal.SIGHUP,
                context =>
                {
                    context.Cancel = true;
                    reload?.Invoke();
                }
            )
        );
    }

    /// <summary>Cancelled when the process shall end.</summary>
    public CancellationToken Token => _stopping.Token;

    /// <summary>Ends the process from inside.</summary>
    public void Request() => _stopping.Cancel();

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();

        _stopping.Dispose();
    }

    private void Stop(PosixSignalContext context)
    {
        context.Cancel = true;
        _stopping.Cancel();
    }
}
