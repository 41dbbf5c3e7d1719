using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Redoubt.Config;
using Redoubt.Host;
using Redoubt.Show;
using Redoubt.Transport.Link;
using Redoubt.Transport.Port;

namespace Redoubt.App.Manager;

/// <summary>The manager's two doors: the agents' port, and the local socket of the API.</summary>
internal static class ManagerServer
{
    /// <summary>Makes the server; nothing listens yet.</summary>
    /// <param name="paths">Home, with the socket.</param>
    /// <param name="listen">Where agents come to; null: every address, the default port.</param>
    /// <param name="port">Guards it.</param>
    /// <param name="control">What the API asks; null: there is no socket.</param>
    /// <param name="addParts">What the services need.</param>
    /// <param name="time">Clock of its log.</param>
    internal static WebApplication Create(
        HomePaths paths,
        IPEndPoint? listen,
        AgentPort port,
        IManagerControl? control,
        Action<IServiceCollection> addParts,
        TimeProvider time
    )
    {
        var builder = WebApplication.CreateEmptyBuilder(
            new WebApplicationOptions { ApplicationName = "redoubt", ContentRootPath = paths.Root }
        );
        builder
            .Logging.AddProvider(ProgramLog.Create("manager", null, time))
            .SetMinimumLevel(LogLevel.Warning)
            .AddFilter("Grpc", LogLevel.Critical)
            .AddFilter("Microsoft.AspNetCore.Server.Kestrel", LogLevel.Critical)
            .AddFilter("Microsoft.Hosting", LogLevel.None)
            .AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
        builder.Services.AddRouting();
        builder.Services.ConfigureHttpJsonOptions(o => ApiJson.Configure(o.SerializerOptions));
        builder
            .Services.AddGrpc(o =>
            {
                o.MaxReceiveMessageSize = WireLimits.MaxMessageBytes;
                o.MaxSendMessageSize = WireLimits.MaxMessageBytes;
            })
            .AddServiceOptions<EnrolmentService>(o => o.MaxReceiveMessageSize = PortLimits.EnrolmentBytes);
        builder.Services.AddSingleton(port);
        addParts(builder.Services);
        builder
            .WebHost.UseKestrelCore()
            .UseKestrelHttpsConfiguration()
            .ConfigureKestrel(kestrel =>
            {
                kestrel.Limits.MinRequestBodyDataRate = null;
                kestrel.Limits.MinResponseDataRate = null;
                kestrel.Limits.Http2.KeepAlivePingDelay = WireLimits.ManagerAsksAfter;
                kestrel.Limits.Http2.KeepAlivePingTimeout = WireLimits.AnswerWithin;
                AgentPort.Limit(kestrel.Limits);
                if (listen is null)
                    kestrel.ListenAnyIP(ManagerChannel.DefaultPort, port.Use);
                else
                    kestrel.Listen(listen, port.Use);

                if (control is not null)
                    kestrel.ListenUnixSocket(paths.ManagerSocket, UseLocal);
            });
        var app = builder.Build();
        app.UseRouting();
        app.MapGrpcService<EnrolmentService>().RequireHost($"*:{listen?.Port ?? ManagerChannel.DefaultPort}");
        app.MapGrpcService<FleetService>().RequireHost($"*:{listen?.Port ?? ManagerChannel.DefaultPort}");
        if (control is not null)
            MapLocal(app, control);

        return app;
    }

    private static void UseLocal(ListenOptions listener)
    {
        listener.Protocols = HttpProtocols.Http1;
        var owner = Privileges.UserId;
        LocalPeers.Restrict(listener, user => user == 0 || user == owner || ServiceUser.IsMember(user, ServiceUser.GroupName));
    }

    private static void MapLocal(WebApplication app, IManagerControl control)
    {
        var local = app.MapGroup(string.Empty)
            .AddEndpointFilter(
                async (context, next) => context.HttpContext.Connection.LocalIpAddress is null ? await next(context) : Results.NotFound()
            );
        ManagerApi.Map(local, control);
    }
}
