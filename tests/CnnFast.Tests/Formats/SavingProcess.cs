using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using CnnFast.Files;

namespace CnnFast.Tests.Formats;

/// <summary>
/// A process that saves and is to be killed: this test program once more, sent elsewhere by an environment variable before its tests start.
/// It saves over a model again and again (<see cref="Loop"/>), or stops in the middle of one save and waits (<see cref="Half"/>).
/// </summary>
internal sealed class SavingProcess : IDisposable
{
    public const string Loop = "loop";
    public const string Half = "half";
    private const string Variable = "CNNFAST_TEST_SAVING_PROCESS";
    private const int Values = 500_000;

    private readonly Process _process;

    private SavingProcess(Process process) => _process = process;

    /// <summary>Starts the process and waits until it has begun to save.</summary>
    public static SavingProcess Start(string mode, string path)
    {
        string program = Environment.ProcessPath!;
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, UseShellExecute = false };
        if (Path.GetFileNameWithoutExtension(program) == "dotnet")
            start.ArgumentList.Add(typeof(SavingProcess).Assembly.Location);
        start.Environment[Variable] = $"{mode}|{path}";
        var process = new SavingProcess(Process.Start(start)!);
        string? line = process._process.StandardOutput.ReadLine();
        if (line == "saving")
            return process;
        process.Dispose();
        throw new InvalidOperationException($"The saving process said '{line}'; expected 'saving'.");
    }

    /// <summary>Kills the process, which has no chance to clean up.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            Kill();
        _process.Dispose();
    }

    /// <summary>Saves version <paramref name="version"/> of the model: all its values are that number, as its metadata say.</summary>
    public static void Save(string path, int version) => SafetensorsWriter.Write(path, [Tensor(version)], Metadata(version));

    /// <summary>Reads the model, makes sure that it is whole and of one version, and returns that.</summary>
    public static int ReadVersion(string path)
    {
        var file = SafetensorsFile.Read(path);
        int version = int.Parse(file.Metadata["version"], CultureInfo.InvariantCulture);
        ReadOnlySpan<float> values = file["w"].Data.Span;
        Assert.Equal(Values, values.Length);
        Assert.Equal(-1, values.IndexOfAnyExcept(version));
        return version;
    }

#pragma warning disable CA2255 // The test program's entry point is generated; nothing else runs before it.
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void SaveIfAsked()
    {
        if (Environment.GetEnvironmentVariable(Variable)?.Split('|', 2) is not [string mode, string path])
            return;
        // Should nobody kill it, it ends by itself.
        using var limit = new Timer(_ => Environment.Exit(3), null, TimeSpan.FromSeconds(60), Timeout.InfiniteTimeSpan);
        if (mode == Half)
            SaveHalf(path);
        int version = ReadVersion(path);
        Save(path, ++version);
        Console.Out.WriteLine("saving");
        while (true)
            Save(path, ++version);
    }

    private static void SaveHalf(string path)
    {
        using var content = new MemoryStream();
        SafetensorsWriter.Write(content, [Tensor(-1)], Metadata(-1));
        using var file = AtomicFile.Create(path);
        file.Stream.Write(content.GetBuffer().AsSpan(0, (int)content.Length / 2));
        file.Stream.Flush();
        Console.Out.WriteLine("saving");
        Thread.Sleep(Timeout.Infinite);
    }

    private static SafetensorsTensor Tensor(int version)
    {
        var values = new float[Values];
        values.AsSpan().Fill(version);
        return new SafetensorsTensor("w", new Shape(Values), values);
    }

    private static Dictionary<string, string> Metadata(int version) =>
        new() { ["version"] = version.ToString(CultureInfo.InvariantCulture) };
}
