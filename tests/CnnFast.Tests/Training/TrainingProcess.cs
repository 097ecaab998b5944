using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using CnnFast.Data;
using CnnFast.Layers;
using CnnFast.Training;

namespace CnnFast.Tests.Training;

/// <summary>
/// A process that trains and saves, and is to be killed or to run out of disk: this test program once more, sent elsewhere by an
/// environment variable before its tests start.
/// </summary>
internal sealed class TrainingProcess : IDisposable
{
    private const string Variable = "CNNFAST_TEST_TRAINING_PROCESS";

    // So many steps after it said that it is to be killed the process waits for that.
    private const int StepsBeyond = 3;

    private readonly Process _process;

    private TrainingProcess(Process process) => _process = process;

    public static ImageDataset Data { get; } = TinyData.Create(134);

    public static Model Net => new Sequential(new Conv2D(4, 3), new BatchNormalization(), new ReLU(), new Flatten(), new Dropout(0.3f),
        new Dense(4), new Softmax()).Build(new Shape(8, 6, 1), seed: 2);

    /// <summary>All that has a state of its own.</summary>
    public static FitOptions Options => new()
    {
        Epochs = 10,
        BatchSize = 8,
        AccumulationBatches = 2,
        Seed = 3,
        Validation = TinyData.Create(30, seed: 2),
        Schedule = new CosineSchedule(warmUp: 0.2f),
        WeightAverage = new WeightAverage(0.9f),
        Clipping = new GradientClipping { MaxNorm = 1 },
        EarlyStopping = new EarlyStopping(patience: 9),
        RestoreBest = true,
        Augmentation = new Augmentation(new RandomAffine { MaxShift = 1 }, new HorizontalFlip()),
        MaxThreads = 1,
    };

    public static Trainer Trainer(Model model) => new(model, new AdamW(0.01f));

    /// <summary>A process that goes on with the training and says so after a number of steps.</summary>
    public static TrainingProcess Start(string checkpoint, int everySteps, int steps, long fileLimit = 0)
    {
        string program = Environment.ProcessPath!;
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, UseShellExecute = false };
        if (Path.GetFileNameWithoutExtension(program) == "dotnet")
            start.ArgumentList.Add(typeof(TrainingProcess).Assembly.Location);
        start.Environment[Variable] = FormattableString.Invariant($"{everySteps}|{steps}|{fileLimit}|{checkpoint}");
        return new TrainingProcess(Process.Start(start)!);
    }

    /// <summary>The next line that the process says; null where it ended.</summary>
    public string? ReadLine() => _process.StandardOutput.ReadLine();

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

#pragma warning disable CA2255 // The test program's entry point is generated; nothing else runs before it.
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void TrainIfAsked()
    {
        if (Environment.GetEnvironmentVariable(Variable)?.Split('|', 4) is not [string every, string steps, string limit, string path])
            return;
        // Should nobody kill it, it ends by itself.
        using var end = new Timer(_ => Environment.Exit(3), null, TimeSpan.FromSeconds(60), Timeout.InfiniteTimeSpan);
        try
        {
            LimitFiles(long.Parse(limit, CultureInfo.InvariantCulture));
            Train(path, Number(every), Number(steps));
            Console.Out.WriteLine("done");
            Environment.Exit(0);
        }
#pragma warning disable CA1031 // Whatever it is, the test wants to see it.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Console.Out.WriteLine($"{e.GetType().Name}: {e.Message}");
            Environment.Exit(4);
        }
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static void Train(string path, int everySteps, int steps)
    {
        Trainer trainer = Trainer(Net);
        FitOptions options = Options with
        {
            Checkpoints = new CheckpointOptions(path) { EverySteps = everySteps, KeepBest = 2 },
            Callbacks = [new Speaker(trainer, steps)],
            MaxThreads = 2,
        };
        if (File.Exists(path))
            trainer.LoadCheckpoint(path);
        if (trainer.IsInterrupted)
            trainer.Resume(Data, options);
        else
            trainer.Fit(Data, options);
    }

    // A full disk: what is longer than the limit cannot be written. The signal that would end the process is ignored (it is number 25).
    private static void LimitFiles(long bytes)
    {
        if (bytes == 0)
            return;
        ulong[] limits = [(ulong)bytes, (ulong)bytes];
        _ = Signal(25, 1);
        if (SetLimit(1, limits) != 0)
            throw new InvalidOperationException("The limit of files cannot be set.");
    }

    [DllImport("libc", EntryPoint = "setrlimit")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetLimit(int resource, ulong[] limits);

    [DllImport("libc", EntryPoint = "signal")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint Signal(int number, nint handler);

    private sealed class Speaker(Trainer trainer, int steps) : TrainingCallback
    {
        private long _first;
        private bool _said;

        public override void OnFitStart(FitStart start) => _first = start.FirstStep;

        public override void OnBatch(in FitProgress progress)
        {
            if (!_said && trainer.Steps >= _first + steps)
            {
                Console.Out.WriteLine("kill");
                _said = true;
            }

            if (trainer.Steps >= _first + steps + StepsBeyond)
                Thread.Sleep(Timeout.Infinite);
        }
    }
}
