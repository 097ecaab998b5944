using System.Globalization;
using System.Text.Json;
using CnnFast.Files;

namespace CnnFast.Cli;

/// <summary>A run of <c>cnnfast bench</c> in a file, for later runs to be compared with.</summary>
internal sealed record BenchBaseline(string Model, string Cpu, string Isa, int Threads, int Batch, double PeakGflopsPerCore,
    string PeakForm, IReadOnlyList<double> RoundsUs)
{
    private const string Format = "cnnfast-bench";
    private const int Version = 1;
    private const int MaxBytes = 1 << 20;
    private const int MinRounds = 10;
    private const int MaxRounds = 10_000;

    /// <summary>What was measured just now.</summary>
    public static BenchBaseline Of(string model, InferenceSession session, int batch, RunTimes times) => new(model, CpuInfo.Description,
        CpuInfo.Isa.ToString(), session.MaxThreads, batch, FmaPeak.MeasureGflops(), FmaPeak.Name, times.Rounds);

    /// <summary>Reads a file.</summary>
    /// <exception cref="InputException">There is none, or it is not of this kind.</exception>
    public static BenchBaseline Load(string path)
    {
        try
        {
            if (new FileInfo(path).Length > MaxBytes)
                throw Bad(path, "is larger than such a file can be");
            using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(path));
            JsonElement root = json.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("format", out JsonElement format)
                || format.ValueKind != JsonValueKind.String || format.GetString() != Format)
                throw Bad(path, "is JSON of another kind");
            if (root.GetProperty("version").GetInt32() != Version)
                throw Bad(path, $"is of version {root.GetProperty("version").GetInt32()}, and this program reads version {Version}");
            double[] rounds = [.. root.GetProperty("roundsUs").EnumerateArray().Select(round => round.GetDouble())];
            var baseline = new BenchBaseline(Text(root, "model"), Text(root, "cpu"), Text(root, "isa"),
                root.GetProperty("threads").GetInt32(), root.GetProperty("batch").GetInt32(),
                root.GetProperty("peakGflopsPerCore").GetDouble(), Text(root, "peakForm"), rounds);
            bool isSound = rounds.Length is >= MinRounds and <= MaxRounds && rounds.All(IsPositive)
                && IsPositive(baseline.PeakGflopsPerCore);
            return isSound ? baseline : throw Bad(path, "holds no usable times");
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException
            or FormatException)
        {
            throw new InputException(Bad(path, "is damaged").Message, exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"--baseline: {exception.Message}", exception);
        }
    }

    /// <summary>Writes a file; an old one is replaced in one step.</summary>
    public void Save(string path)
    {
        using AtomicFile file = AtomicFile.Create(path);
        using (var json = new Utf8JsonWriter(file.Stream, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteString("format", Format);
            json.WriteNumber("version", Version);
            json.WriteString("model", Model);
            json.WriteString("date", DateTime.UtcNow.ToString("u", CultureInfo.InvariantCulture));
            json.WriteString("program", RunningProgram.Version);
            json.WriteString("cpu", Cpu);
            json.WriteString("isa", Isa);
            json.WriteNumber("threads", Threads);
            json.WriteNumber("batch", Batch);
            json.WriteNumber("peakGflopsPerCore", Math.Round(PeakGflopsPerCore, 2));
            json.WriteString("peakForm", PeakForm);
            json.WriteStartArray("roundsUs");
            foreach (double round in RoundsUs)
                json.WriteNumberValue(Math.Round(round, 4));
            json.WriteEndArray();
            json.WriteEndObject();
        }

        file.Commit();
    }

    /// <summary>Refuses what was not the same work.</summary>
    /// <exception cref="InputException">Threads or batch differ.</exception>
    public void RequireSameWork(string path, int threads, int batch)
    {
        if (Threads != threads)
            throw new InputException($"--baseline '{path}' was measured on {Threads} {(Threads == 1 ? "thread" : "threads")}, " +
                $"and this run takes {threads}; expected --threads {Threads}.");
        if (Batch != batch)
            throw new InputException($"--baseline '{path}' was measured with {Batch} samples a run, and this run takes {batch}; " +
                $"expected --batch {Batch}.");
    }

    /// <summary>
    /// The verdict on this run against that one. A processor whose multiply-add peak differs between the two explains as large a
    /// difference of times. Null where the processors differ.
    /// </summary>
    public NoiseVerdict? Judge(BenchBaseline now) => IsOther(now) ? null : NoiseVerdict.OfSeparate(RoundsUs, now.RoundsUs,
        Math.Max(NoiseVerdict.OfTwoProcesses, Math.Abs(1 - (now.PeakGflopsPerCore / PeakGflopsPerCore))));

    /// <summary>Whether two runs are of different processors or tiers.</summary>
    public bool IsOther(BenchBaseline now) => Cpu != now.Cpu || Isa != now.Isa;

    /// <summary>The median of the rounds.</summary>
    public double MedianUs => NoiseVerdict.MedianOf(RoundsUs);

    private static bool IsPositive(double value) => double.IsFinite(value) && value > 0;

    private static string Text(JsonElement root, string name) => root.GetProperty(name).GetString() ?? "";

    private static InputException Bad(string path, string why) =>
        new($"--baseline '{path}' {why}; expected a file that 'cnnfast bench --save' wrote.");
}
