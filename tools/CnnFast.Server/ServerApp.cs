namespace CnnFast.Server;

/// <summary>The web application: its services and its end points.</summary>
internal static class ServerApp
{
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Makes the application; the model is loaded and planned before it returns.</summary>
    /// <exception cref="FileNotFoundException">There is no model file.</exception>
    /// <exception cref="DataFormatException">The file is no model, or one that does not classify pictures with one channel.</exception>
    public static WebApplication Create(ServerOptions options)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls(options.Url);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = options.MaxBodyBytes;
            kestrel.AddServerHeader = false;
        });
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownTimeout);
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton<ServerMetrics>();
        builder.Services.AddSingleton<PictureClassifier>();
        builder.Services.AddCnnFast(models => models.AddFile(
            options.Model,
            session: model => new SessionOptions { MaxThreads = options.Threads, ByteInput = ByteInput.From(model.Normalization) }));

        WebApplication app = builder.Build();
        app.Use(ErrorResponse.CatchAsync);
        app.MapGet("/health", () => Results.Text("ok\n"));
        app.MapGet("/metrics", (ServerMetrics metrics) => Results.Text(metrics.Write(), "text/plain; version=0.0.4"));
        app.MapPost("/classify", ClassifyEndpoint.HandleAsync);
        foreach ((string path, string method) in (ReadOnlySpan<(string, string)>)[("/health", HttpMethods.Get),
            ("/metrics", HttpMethods.Get), ("/classify", HttpMethods.Post)])
            app.Map(path, context => ErrorResponse.WriteWrongMethodAsync(context, path, method));
        app.MapFallback((HttpContext context) => ErrorResponse.WriteAsync(context, StatusCodes.Status404NotFound,
            $"There is nothing at {context.Request.Method} {context.Request.Path}; expected POST /classify, GET /health or GET /metrics."));
        try
        {
            _ = app.Services.GetRequiredService<PictureClassifier>();
        }
        catch
        {
            ((IDisposable)app).Dispose();
            throw;
        }

        return app;
    }
}
