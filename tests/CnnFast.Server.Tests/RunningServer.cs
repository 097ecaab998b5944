using System.Globalization;
using CnnFast.Data;
using CnnFast.Layers;
using Microsoft.AspNetCore.Builder;

namespace CnnFast.Server.Tests;

/// <summary>The server on a free port, with a model of random weights.</summary>
internal sealed class RunningServer : IAsyncDisposable
{
    private readonly string _folder;

    private RunningServer(string folder, Model model, WebApplication app)
    {
        (_folder, Model, App) = (folder, model, app);
        Client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
    }

    public Model Model { get; }

    public WebApplication App { get; }

    public HttpClient Client { get; }

    public static async Task<RunningServer> StartAsync(long maxBytes = ServerOptions.DefaultMaxBytes, bool softmax = true)
    {
        string folder = Directory.CreateTempSubdirectory("cnnfast-server-").FullName;
        Layer[] layers = [new Conv2D(4, 3, activation: Activation.ReLU), new MaxPool2D(2), new Flatten(), new Dense(10)];
        Model model = new Sequential(softmax ? [.. layers, new Softmax()] : layers).Build(new Shape(28, 28, 1), seed: 3);
        model.Normalization = Normalization.FromMeanStd(0.13, 0.31);
        string path = Path.Combine(folder, "model.safetensors");
        model.Save(path);
        WebApplication app = ServerApp.Create(
            new ServerOptions { Model = path, Url = "http://127.0.0.1:0", MaxBytes = maxBytes, MaxPixels = 40_000 });
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new RunningServer(folder, model, app);
    }

    /// <summary>The value of a line of <c>/metrics</c>.</summary>
    public async Task<double> MetricAsync(string name)
    {
        string text = await Client.GetStringAsync("metrics", TestContext.Current.CancellationToken);
        string line = Assert.Single(text.Split('\n'), line => line.StartsWith(name + " ", StringComparison.Ordinal));
        return double.Parse(line[(name.Length + 1)..], CultureInfo.InvariantCulture);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await App.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
