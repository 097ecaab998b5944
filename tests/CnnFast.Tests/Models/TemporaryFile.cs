namespace CnnFast.Tests.Models;

/// <summary>A file name in a folder of its own that is deleted at the end of a test.</summary>
internal sealed class TemporaryFile : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cnnfast-test-");

    public string Path => System.IO.Path.Combine(_folder.FullName, "model.safetensors");

    public void Dispose() => _folder.Delete(recursive: true);
}
