namespace CnnFast.Tests;

/// <summary>A folder of one test, deleted with what is in it.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public TemporaryFolder() => FullPath = Directory.CreateTempSubdirectory("cnnfast-test-").FullName;

    public string FullPath { get; }

    /// <summary>The path of a file in the folder.</summary>
    public string this[string name] => Path.Combine(FullPath, name);

    /// <summary>Writes a file and returns its path.</summary>
    public string Write(string name, byte[] content)
    {
        File.WriteAllBytes(this[name], content);
        return this[name];
    }

    public void Dispose() => Directory.Delete(FullPath, recursive: true);
}
