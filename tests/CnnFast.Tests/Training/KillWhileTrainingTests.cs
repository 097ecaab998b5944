using System.Diagnostics;
using CnnFast.Training;

namespace CnnFast.Tests.Training;

public sealed class KillWhileTrainingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Checkpoint => _folder["training.checkpoint"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_training_that_is_killed_again_and_again_comes_to_the_bits_of_one_that_is_not()
    {
        const int Kills = 12;
        var random = new Random(7);
        for (int kill = 0; kill < Kills; kill++)
        {
            using var process = TrainingProcess.Start(Checkpoint, everySteps: 1 + (kill % 3), steps: random.Next(1, 7));
            Assert.Equal("kill", process.ReadLine());
            Wait(random.NextDouble() * 4);
            process.Kill();
        }

        using (var last = TrainingProcess.Start(Checkpoint, everySteps: 1, steps: int.MaxValue / 2))
            Assert.Equal("done", last.ReadLine());

        Model whole = TrainingProcess.Net, killed = TrainingProcess.Net;
        FitResult expected = TrainingProcess.Trainer(whole).Train(TrainingProcess.Data, TrainingProcess.Options);
        Trainer trainer = TrainingProcess.Trainer(killed);
        trainer.LoadCheckpoint(Checkpoint);
        FitResult result = trainer.Resume(TrainingProcess.Data, TrainingProcess.Options,
            cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(TinyData.Bits(whole), TinyData.Bits(killed));
        Assert.Equal((expected.Steps, expected.BestEpoch), (result.Steps, result.BestEpoch));
        Assert.Equal(expected.Epochs.Select(epoch => (epoch.TrainLoss, epoch.TrainAccuracy, epoch.Validation)),
            result.Epochs.Select(epoch => (epoch.TrainLoss, epoch.TrainAccuracy, epoch.Validation)));
        Assert.Equal(3, Directory.GetFiles(_folder.FullPath, "training.checkpoint*").Length);
    }

    [Fact]
    public void A_disk_that_is_full_ends_the_training_and_leaves_the_old_checkpoint()
    {
        if (OperatingSystem.IsWindows())
            return;
        FitOptions options = TrainingProcess.Options with { Checkpoints = new CheckpointOptions(Checkpoint) };
        TrainingProcess.Trainer(TrainingProcess.Net).Fit(TrainingProcess.Data, options, cancellationToken: new(canceled: true));
        byte[] before = File.ReadAllBytes(Checkpoint);
        using var process = TrainingProcess.Start(Checkpoint, everySteps: 1, steps: int.MaxValue / 2, fileLimit: before.Length / 2);
        string? line = process.ReadLine();
        Assert.StartsWith($"IOException: Cannot write '{Checkpoint}': ", line, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(Checkpoint));
        Assert.Equal([Checkpoint], Directory.GetFiles(_folder.FullPath));
    }

    private static void Wait(double milliseconds)
    {
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start).TotalMilliseconds < milliseconds)
            Thread.Yield();
    }
}
