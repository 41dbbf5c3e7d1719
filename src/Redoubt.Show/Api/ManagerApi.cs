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
        routes.MapPost("/blocks/add", (AddBlockRequest request) => Answer(() => control.AddBlockAsync(request)));
        routes.MapPost("/blocks/extend", (ExtendBlockRequest request) => Answer(() => control.ExtendBlockAsync(request)));
        routes.MapPost("/blocks/promote", (PromoteRequest request) => Answer(() => control.PromoteBlocksAsync(request)));
        routes.MapPost("/blocks/release-burst", (BurstRequest request) => Answer(() => control.ReleaseBurstAsync(request)));
        routes.MapGet("/allow", () => control.AllowedAsync());
        routes.MapPost("/allow/add", (AllowRequest request) => Answer(() => control.AllowAsync(request)));
        routes.MapPost("/allow/remove", (DisallowRequest request) => control.DisallowAsync(request));
        routes.MapPost("/reload", () => control.ReloadAsync());
    }

    // A wrong question is 400, the answer "no" is 409; the text is for people.
    private static async Task<IResult> Answer<T>(Func<Task<T>> work)
    {
        try
        {
            return Results.Json(await work(), ApiJson.Options);
        }
        catch (RequestRefusedException e)
        {
            return e.IsUsage ? Results.BadRequest(e.Message) : Results.Conflict(e.Message);
        }
    }
}
