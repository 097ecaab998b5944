using System.Text.Json;
using CnnFast.Cli.Tests;

[assembly: AssemblyFixture(typeof(TrainedModel))]

namespace CnnFast.Cli.Tests;

/// <summary>The default model, trained by the command for one epoch, once for all tests.</summary>
public sealed class TrainedModel : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public TrainedModel()
    {
        Path = _folder.File("digits.safetensors");
        Result = Cli.Run("train", "--epochs", "1", "--out", Path, "--json");
        Model = Model.Load(Path);
    }

    public string Path { get; }

    public Model Model { get; }

    internal CliResult Result { get; }

    internal JsonElement Json => Result.Json();

    public void Dispose() => _folder.Dispose();
}
