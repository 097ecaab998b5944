using System.Text;
using CnnFast.Data;
using CnnFast.TensorBoard;
using CnnFast.Training;

namespace CnnFast.Tests.Training;

public sealed class TensorBoardLogTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string[] Files => [.. Directory.GetFiles(_folder["logs"]).Order(StringComparer.Ordinal)];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Records_are_framed_as_TensorFlow_frames_them()
    {
        // CRC-32C of "123456789" is 0xE3069283 (RFC 3720); rotated by 15 bits that is 0x2507C60D.
        Assert.Equal(0x2507C60D + 0xA282EAD8, RecordWriter.MaskedChecksum("123456789"u8));
        Assert.Equal(RecordWriter.MaskedChecksum("123456789"u8), EventReader.Masked("123456789"u8));

        using (EventFile.Create(_folder["logs"], DateTimeOffset.UnixEpoch + TimeSpan.FromSeconds(1.5)))
        {
        }

        // The head of every event file: 24 bytes, whose length has the checksum A3 7F 4B 22. 1.5 is 3F F8 and zeros.
        byte[] head = [24, 0, 0, 0, 0, 0, 0, 0, 0xA3, 0x7F, 0x4B, 0x22];
        byte[] version = [0x09, 0, 0, 0, 0, 0, 0, 0xF8, 0x3F, 0x1A, 13, .. Encoding.ASCII.GetBytes("brain.Event:2")];
        byte[] bytes = File.ReadAllBytes(Assert.Single(Files));
        Assert.Equal([.. head, .. version, .. BitConverter.GetBytes(EventReader.Masked(version))], bytes);
    }

    [Fact]
    public void Batches_and_epochs_are_scalars_over_steps()
    {
        using var log = new TensorBoardLog(_folder["logs"]);
        Train(log, firstEpoch: 0, firstStep: 0);
        log.OnFitEnd(new FitResult([], false, 4, 1, 1));
        List<ReadEvent> events = EventReader.Read(Assert.Single(Files));
        Assert.Equal("brain.Event:2", events[0].Version);
        Assert.All(events, read => Assert.InRange(DateTimeOffset.UtcNow.ToUnixTimeSeconds() - read.WallTime, -2, 60));
        Assert.Equal([1L, 2, 2, 3, 4, 4], events.Skip(1).Select(read => read.Step));
        Assert.Equal([("batch/loss", 2.5f), ("batch/learning_rate", 0.001f)], events[1].Scalars);
        Assert.Equal([("train/loss", 1.5f), ("train/accuracy", 0.25f), ("validation/loss", 0.75f), ("validation/accuracy", 0.5f),
            ("seconds", 2.5f), ("samples_per_second", 100f)], events[3].Scalars);
    }

    [Fact]
    public void A_resumed_training_writes_a_later_file_that_replaces_the_steps_after_its_checkpoint()
    {
        using (var log = new TensorBoardLog(_folder["logs"]))
            Train(log, firstEpoch: 0, firstStep: 0);
        string first = Assert.Single(Files);
        using (var log = new TensorBoardLog(_folder["logs"]))
            Train(log, firstEpoch: 1, firstStep: 2);
        Assert.Equal(first, Files[0]);
        List<ReadEvent> events = EventReader.Read(Files[1]);

        // SessionLog { status: START } at the first new step.
        Assert.Equal((3L, "0801"), (events[1].Step, Convert.ToHexString(events[1].Session!)));
        Assert.Equal([3L, 4, 4, 5, 6, 6], events.Skip(2).Select(read => read.Step));
    }

    [Fact]
    public void A_step_of_several_batches_is_one_step_of_the_log_and_a_resumed_training_goes_on_in_it()
    {
        ImageDataset data = TinyData.Create(45);
        var losses = new List<double>();
        using var stop = new CancellationTokenSource();
        using var log = new TensorBoardLog(_folder["logs"]);
        var trainer = new Trainer(TinyData.Net(), new Adam(0.01f));
        var options = new FitOptions { Epochs = 3, BatchSize = 8, AccumulationBatches = 4, Validation = TinyData.Create(9, seed: 4) };
        trainer.Fit(data, options with { Callbacks = [log, new Batches(losses, 7, stop)] }, cancellationToken: stop.Token);
        Assert.Equal(3, trainer.Steps);
        trainer.Resume(data, options with { Callbacks = [log, new Batches(losses, 0, stop)] },
            cancellationToken: TestContext.Current.CancellationToken);

        List<ReadEvent> events = [.. Files.SelectMany(EventReader.Read).Where(read => read.Scalars.Count > 0)];
        Assert.Equal([1L, 2, 2, 3, 4, 4, 5, 6, 6], events.Select(read => read.Step));
        int at = 0;
        foreach (ReadEvent read in events.Where(read => read.Scalars[0].Tag == "batch/loss"))
        {
            int batches = read.Step % 2 == 1 ? 4 : 2;
            Assert.Equal(losses.Skip(at).Take(batches).Average(), read.Scalars[0].Value, 1e-5);
            at += batches;
        }

        Assert.Equal(18, at);
    }

    [Fact]
    public void An_epoch_is_in_the_file_before_the_training_ends()
    {
        using var log = new TensorBoardLog(_folder["logs"]);
        log.OnFitStart(Callbacks.Start());
        log.OnBatch(Callbacks.Batch(1, 1));
        log.OnEpoch(Callbacks.Epoch(1));
        Assert.Equal(3, EventReader.Read(Assert.Single(Files)).Count);
    }

    [Fact]
    public void Batches_reach_the_file_every_two_seconds()
    {
        var time = new ManualTime();
        using var log = new TensorBoardLog(_folder["logs"], time);
        log.OnFitStart(Callbacks.Start());
        time.Seconds = 1.5;
        log.OnBatch(Callbacks.Batch(1, 1));
        Assert.Single(EventReader.Read(Assert.Single(Files)));
        time.Seconds = 2;
        log.OnBatch(Callbacks.Batch(1, 2));
        Assert.Equal([0, 1.5, 2], EventReader.Read(Assert.Single(Files)).Select(read => read.WallTime));
    }

    [Fact]
    public void What_comes_before_the_start_is_refused()
    {
        using var log = new TensorBoardLog(_folder["logs"]);
        Assert.Throws<InvalidOperationException>(() => log.OnEpoch(Callbacks.Epoch(1)));
        File.WriteAllText(_folder["file"], "");
        using var bad = new TensorBoardLog(_folder["file"]);
        Assert.ThrowsAny<IOException>(() => bad.OnFitStart(Callbacks.Start()));
    }

    private sealed class Batches(List<double> losses, int last, CancellationTokenSource stop) : TrainingCallback
    {
        public override void OnBatch(in FitProgress progress)
        {
            losses.Add(progress.BatchLoss);
            if (losses.Count == last)
                stop.Cancel();
        }
    }

    private static void Train(TensorBoardLog log, int firstEpoch, long firstStep)
    {
        log.OnFitStart(Callbacks.Start(firstEpoch, firstStep));
        for (int epoch = 1; epoch <= 2; epoch++)
        {
            log.OnBatch(Callbacks.Batch(firstEpoch + epoch, 1));
            log.OnBatch(Callbacks.Batch(firstEpoch + epoch, 2));
            log.OnEpoch(Callbacks.Epoch(firstEpoch + epoch));
        }
    }
}
