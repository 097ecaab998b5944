using System.Text.Json;

namespace CnnFast.Cli.Tests;

/// <summary>A model that the command trained once on a folder of pictures.</summary>
public sealed class TrainedPictures : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public TrainedPictures()
    {
        Data = Photos.Write(_folder, 240, least: 40, most: 64);
        Path = _folder.File("kinds.safetensors");
        Json = Cli.Run("train", "--data", Data, "--size", "32", "--epochs", "30", "--out", Path, "--json").Json();
    }

    internal string Data { get; }

    internal string Path { get; }

    internal JsonElement Json { get; }

    public void Dispose() => _folder.Dispose();
}
