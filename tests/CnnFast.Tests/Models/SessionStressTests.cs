using CnnFast.Layers;

namespace CnnFast.Tests.Models;

/// <summary>
/// Many callers over shared sessions, and many runs of mixed sizes: the same bits as one caller alone, and memory that does not grow.
/// </summary>
public sealed class SessionStressTests
{
    private const int Callers = 32;
    private const int RunsOfACaller = 10_000;
    private const int MixedRuns = 100_000;
    private const int Parts = 10;
    private const int Samples = 4;

    [Fact]
    public void Callers_at_once_get_the_bits_of_one_alone()
    {
        string[] names = ["chain", "branches", "depthwise", "normalized"];
        Model[] models = [.. names.Select(name => TestModels.Build(name))];
        float[][][] inputs = [.. models.Select(model =>
            Enumerable.Range(0, Samples).Select(seed => TestModels.Input(model, 1, seed)).ToArray())];
        float[][][] expected = [.. models.Select((model, m) => inputs[m].Select(input => model.Predict(input)).ToArray())];
        InferenceSession[] sessions = [.. models.Select((model, m) =>
            new InferenceSession(model, new SessionOptions { MaxThreads = 1 + (m % 2) }))];
        int wrong = 0;
        Thread[] threads = [.. Enumerable.Range(0, Callers).Select(caller => new Thread(() =>
        {
            float[][] outputs = [.. models.Select(model => new float[model.OutputShape.ElementCount])];
            for (int run = 0; run < RunsOfACaller; run++)
            {
                int m = (caller + run) % models.Length;
                int sample = (caller + (run / 7)) % Samples;
                sessions[m].Run(inputs[m][sample], outputs[m]);
                if (!outputs[m].AsSpan().SequenceEqual(expected[m][sample]))
                    Interlocked.Increment(ref wrong);
            }
        }))];
        foreach (Thread thread in threads)
            thread.Start();
        foreach (Thread thread in threads)
            thread.Join();
        Assert.Equal(0, wrong);
        foreach (InferenceSession session in sessions)
            session.Dispose();
    }

    [Fact]
    public void Sessions_end_in_any_order_while_others_run()
    {
        Model model = TestModels.Build("chain");
        float[] input = TestModels.Input(model, 1);
        float[] expected = model.Predict(input);
        var unexpected = new System.Collections.Concurrent.ConcurrentQueue<Exception>();
        for (int round = 0; round < 20; round++)
        {
            var session = new InferenceSession(model, new SessionOptions { MaxThreads = 2 });
            Thread[] threads = [.. Enumerable.Range(0, 4).Select(_ => new Thread(() =>
            {
                float[] output = new float[expected.Length];
                try
                {
                    while (true)
                    {
                        session.Run(input, output);
                        if (!output.AsSpan().SequenceEqual(expected))
                            throw new InvalidOperationException("A run gave other bits.");
                    }
                }
                catch (ObjectDisposedException)
                {
                    // What the callers wait for.
                }
                catch (Exception e)
                {
                    unexpected.Enqueue(e);
                }
            }))];
            foreach (Thread thread in threads)
                thread.Start();
            Thread.Sleep(2);
            session.Dispose();
            foreach (Thread thread in threads)
                thread.Join();
        }

        Assert.Empty(unexpected);
    }

    [Fact]
    public void Mixed_sizes_leave_memory_flat()
    {
        Model model = new Sequential(new Conv2D(4, 3, padding: Padding.Same, activation: Activation.ReLU), new MaxPool2D(2),
                new GlobalAveragePool2D(), new Dense(3))
            .Build(new Shape(8, 8, 1), seed: 1);
        using var session = new InferenceSession(model, new SessionOptions { MaxBatch = 2, MaxCachedShapes = 6 });
        Shape[] shapes = [.. Enumerable.Range(0, 6).Select(i => new Shape(4 + i, 9 - i, 1))];
        float[] input = new float[2 * 12 * 12], output = new float[6];
        void Run(int count)
        {
            for (int run = 0; run < count; run++)
            {
                Shape shape = shapes[run % shapes.Length];
                int n = 1 + (run % 2);
                session.Run(input.AsSpan(0, n * shape.ElementCount), shape, output.AsSpan(0, 3 * n));
            }
        }

        // Other tests allocate beside this one; what the runs leave behind, they leave in every part of them.
        Run(1000);
        long least = long.MaxValue;
        for (int part = 0; part < Parts; part++)
        {
            long before = GC.GetTotalMemory(forceFullCollection: true);
            Run(MixedRuns / Parts);
            least = Math.Min(least, GC.GetTotalMemory(forceFullCollection: true) - before);
        }

        Assert.InRange(least, long.MinValue, 1 << 16);
    }
}
