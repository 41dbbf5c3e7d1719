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
        routes.MapGet("/agents/{agent}", (string agent) => Answer(() => control.AgentAsync(agent)));
        routes.MapGet("/agents/{agent}/config", (string agent) => Answer(() => control.AgentConfigAsync(agent)));
        routes.MapPost(
            "/agents/add",
            (AddAgentRequest request) =>
                Answer(() => IsLifetime(request.ExpiresSeconds) ? control.AddAgentAsync(request) : throw WrongLifetime())
        );
        routes.MapPost("/agents/remove", (AgentRequest request) => Answer(() => control.RemoveAgentAsync(request)));
        routes.MapPost("/agents/restart", (AgentRequest request) => Answer(() => control.RestartAgentAsync(request)));
        routes.MapPost(
            "/agents/tokens",
            (TokenRequest request) =>
                Answer(() =>
                    request.Uses is >= 1 and <= 100_000 && IsLifetime(request.ExpiresSeconds)
                        ? control.CreateTokenAsync(request)
                        : throw WrongLifetime()
                )
        );
        routes.MapGet("/groups", () => control.GroupsAsync());
        routes.MapPost("/groups/assign", (AssignRequest request) => Answer(() => control.AssignAsync(request)));
        routes.MapPost("/groups/remove", (GroupRequest request) => Answer(() => control.RemoveGroupAsync(request)));
        routes.MapGet("/blocks", (bool? history) => control.BlocksAsync(history ?? false));
        routes.MapPost("/blocks/remove", (RemoveRequest request) => control.RemoveBlocksAsync(request.Target, request.Forget));
        routes.MapPost("/blocks/add", (AddBlockRequest request) => Answer(() => control.AddBlockAsync(request)));
        routes.MapPost("/blocks/extend", (ExtendBlockRequest request) => Answer(() => control.ExtendBlockAsync(request)));
        routes.MapPost("/blocks/promote", (PromoteRequest request) => Answer(() => control.PromoteBlocksAsync(request)));
        routes.MapPost("/blocks/release-burst", (BurstRequest request) => Answer(() => control.ReleaseBurstAsync(request)));
        routes.MapGet("/allow", () => control.AllowedAsync());
        routes.MapPost("/allow/add", (AllowRequest request) => Answer(() => control.AllowAsync(request)));
        routes.MapPost("/allow/remove", (DisallowRequest request) => control.DisallowAsync(request));
        routes.MapPost(
            "/alerts/search",
            (AlertSearchRequest request) =>
                Answer(() =>
                    request.Limit is >= 1 and <= AlertSearchRequest.MaxLimit
                        ? control.SearchAlertsAsync(request)
                        : throw new RequestRefusedException($"A search gives 1 to {AlertSearchRequest.MaxLimit} alerts.", isUsage: true)
                )
        );
        routes.MapPost("/reload", () => control.ReloadAsync());
    }

    private static bool IsLifetime(long seconds) => seconds is >= 1 and <= 365L * 86400;

    private static RequestRefusedException WrongLifetime() => new("A token has 1 to 100000 uses and expires within a year.", isUsage: true);

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
