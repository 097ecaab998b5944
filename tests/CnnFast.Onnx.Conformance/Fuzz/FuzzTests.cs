using System.Diagnostics;
using System.Globalization;

namespace CnnFast.Onnx.Conformance.Fuzz;

/// <summary>
/// Damaged models are loaded, run and planned: whatever the damage, what escapes are the documented exceptions, in little time and memory.
/// All mutants: CNNFAST_FUZZ_MUTANTS=120000 dotnet test -c Release --project tests/CnnFast.Onnx.Conformance --filter-class "*.FuzzTests".
/// </summary>
public sealed class FuzzTests(ITestOutputHelper output)
{
    private const int DefaultMutants = 30_000;
    private const long MaxAllocatedBytes = 256 << 20;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private static readonly OnnxImportOptions s_options = new()
    {
        MaxFoldedBytes = 16 << 20,
        MaxRunBytes = 32 << 20,
        MaxFoldedMultiplyAdds = 100_000_000,
        MaxTensorBytes = 64 << 20,
    };

    private readonly int[] _ends = new int[4];
    private readonly List<string> _failures = [];
    private (long Bytes, string What) _largest;
    private (TimeSpan Time, string What) _slowest;

    [Fact]
    public void Mutants_end_in_a_result_or_a_sentence()
    {
        int first = Setting("CNNFAST_FUZZ_FIRST", 0);
        int count = Setting("CNNFAST_FUZZ_MUTANTS", DefaultMutants);
        IReadOnlyList<FuzzOriginal> originals = FuzzOriginal.All();
        int next = first - 1;
        var workers = new Worker[Environment.ProcessorCount];
        for (int i = 0; i < workers.Length; i++)
        {
            Worker worker = workers[i] = new Worker();
            worker.Thread = new Thread(() =>
            {
                for (int number = Interlocked.Increment(ref next); number < first + count; number = Interlocked.Increment(ref next))
                    Try(originals[number % originals.Count], number, worker);
            })
            { IsBackground = true };
            worker.Thread.Start();
        }

        foreach (Worker worker in workers)
        {
            while (!worker.Thread!.Join(100))
                Assert.True(workers.All(other => other.Elapsed < s_patience),
                    $"A mutant takes more than {s_patience}: {string.Join("\n", workers.Select(other => other.What))}");
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{count} mutants: {_ends[0]} are refused, {_ends[1]} load, {_ends[2]} run, {_ends[3]} run in a session."));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"The largest takes {_largest.Bytes >> 10} KB: {_largest.What}; " +
            $"the slowest {_slowest.Time.TotalMilliseconds:F0} ms: {_slowest.What}."));
        Assert.True(_failures.Count == 0, $"{_failures.Count} failures.\n{string.Join("\n", _failures.Take(40))}");
        Assert.InRange(_ends[0], count / 4, count * 9 / 10);
        Assert.InRange(_ends[3], count / 20, count);
    }

    private static int Setting(string name, int otherwise) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    private void Try(FuzzOriginal original, int number, Worker worker)
    {
        string what = $"mutant {number} of {original.Name}";
        byte[] mutant = original.Mutant(number);
        worker.Begin(what);
        long before = GC.GetAllocatedBytesForCurrentThread();
        var clock = Stopwatch.StartNew();
        int end = 0;
        string stage = "Load";
        try
        {
            OnnxModel model = OnnxModel.Load(mutant, s_options);
            end = 1;
            stage = "Run";
            model.Run(Inputs(model, original));
            end = 2;
        }
        catch (Exception refused) when (refused is DataFormatException or NotSupportedException
            || (end > 0 && refused is ArgumentException))
        {
            Check(refused, what);
        }
#pragma warning disable CA1031 // Whatever escapes is what the test reports.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            Fail($"{what}: {stage} ends in {failure}");
        }

        if (end > 0)
            TrySession(mutant, what, ref end);
        worker.End();
        long taken = GC.GetAllocatedBytesForCurrentThread() - before;
        if (taken > MaxAllocatedBytes)
            Fail($"{what} takes {taken >> 20} MB");
        lock (_failures)
        {
            _ends[end]++;
            if (taken > _largest.Bytes)
                _largest = (taken, what);
            if (clock.Elapsed > _slowest.Time)
                _slowest = (clock.Elapsed, what);
        }
    }

    private void TrySession(byte[] mutant, string what, ref int end)
    {
        try
        {
            Model model = OnnxModel.Load(mutant, s_options).ToModel();
            using var session = new InferenceSession(model, new SessionOptions { MaxBatch = 1, MaxThreads = 1 });
            ReadOnlyMemory<float>[] inputs = [.. session.Plan.Inputs.Select(value =>
                new ReadOnlyMemory<float>(new float[value.FloatsFor(1)]))];
            session.Run(inputs, [.. session.Plan.Outputs.Select(value => new Memory<float>(new float[value.FloatsFor(1)]))]);
            end = 3;
        }
        catch (Exception refused) when (refused is DataFormatException or NotSupportedException or ArgumentException)
        {
            Check(refused, what);
        }
#pragma warning disable CA1031 // Whatever escapes is what the test reports.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            Fail($"{what}: the session ends in {failure}");
        }
    }

    private void Check(Exception refused, string what)
    {
        if (refused.Message.Length is < 10 or > 2000)
            Fail($"{what} ends in a sentence of {refused.Message.Length} characters: " +
                $"{refused.Message[..Math.Min(80, refused.Message.Length)]}");
        if (refused is ArgumentNullException)
            Fail($"{what} ends in {refused}");
    }

    private void Fail(string failure)
    {
        lock (_failures)
            _failures.Add(failure);
    }

    private static Dictionary<string, OnnxTensor> Inputs(OnnxModel model, FuzzOriginal original)
    {
        var inputs = new Dictionary<string, OnnxTensor>();
        foreach (OnnxTensorInfo input in model.Inputs)
        {
            int[]? dimensions = input.Dimensions?.Select(dimension => dimension < 0 ? 2 : dimension).ToArray();
            if (original.Inputs.TryGetValue(input.Name, out OnnxTensor? tensor) && tensor.ElementType == input.ElementType
                && (dimensions is null || dimensions.SequenceEqual(tensor.Dimensions)))
                inputs.Add(input.Name, tensor);
            else if (OnnxTensor.CountOf(dimensions ?? [1]) is < 1 << 20)
                inputs.Add(input.Name, OnnxTensor.Allocate(input.ElementType, dimensions ?? [1]));
        }

        return inputs;
    }

    private sealed class Worker
    {
        private long _start;

        public Thread? Thread { get; set; }

        public string What { get; private set; } = "";

        public TimeSpan Elapsed => Volatile.Read(ref _start) is var start and not 0 ? Stopwatch.GetElapsedTime(start) : TimeSpan.Zero;

        public void Begin(string what)
        {
            What = what;
            Volatile.Write(ref _start, Stopwatch.GetTimestamp());
        }

        public void End() => Volatile.Write(ref _start, 0);
    }
}
