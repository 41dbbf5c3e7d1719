using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Redoubt.Show;

/// <summary>The manager's HTTP API.</summary>
public static class ManagerApi
{
    /// <summary>Adds the routes; who may call them is the listener's matter.</summary>
    public static void Map(IEndpointRouteBuilder routes, IManagerControl control)
    {
        routes.MapGet("/status", () => control.StatusAsync());
        routes.MapGet("/agents", () => control.AgentsAsync());
        routes.MapPost(
            "/agents/tokens",
            async (TokenRequest request) =>
                request.Uses is < 1 or > 100_000 || request.ExpiresSeconds is < 1 or > 365L * 86400 || request.Group.Length is 0 or > 128
                    ? Results.BadRequest("uses must be 1 to 100000, expires up to a year, and a group be named")
                    : Results.Json(await control.CreateTokenAsync(request), ApiJson.Options)
        );
        routes.MapGet("/blocks", (bool? history) => control.BlocksAsync(history ?? false));
        routes.MapPost("/blocks/remove", (RemoveRequest request) => control.RemoveBlocksAsync(request.Target, request.Forget));
        routes.MapPost("/reload", () => control.ReloadAsync());
    }
}
