using CnnFast.Layers;
using CnnFast.Testing;
using CnnFast.Training;

namespace CnnFast.Tests.Models;

/// <summary>Sessions: no allocation, the same bits for every caller and thread count, clear errors.</summary>
public sealed class InferenceSessionTests
{
    private const int MaxBatch = 5;

    public static TheoryData<string> Names => TestModels.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void A_warm_run_allocates_nothing_on_one_thread_and_on_two(string name) => AssertAllocatesNothing(TestModels.Build(name));

    [Fact]
    public void A_warm_run_that_is_large_enough_for_two_threads_allocates_nothing() =>
        AssertAllocatesNothing(ModelPresets.Digits.Build(new Shape(28, 28, 1), 10, seed: 1));

    [Fact]
    public void The_first_run_of_a_session_allocates_nothing()
    {
        // One sample is too little work for two threads, the whole batch is not.
        const int Batch = 512;
        Model model = new Sequential(new Dense(64)).Build(new Shape(256), seed: 1);
        float[] input = TestModels.Input(model, Batch);
        float[] output = new float[Batch * 64];
        foreach (int threads in new[] { 1, 2 })
        {
            // The runtime may allocate on this thread while it recompiles a method; a session that is not warm allocates every time.
            long least = long.MaxValue;
            for (int attempt = 0; attempt < 50 && least > 0; attempt++)
            {
                using var session = new InferenceSession(model, new SessionOptions { MaxBatch = Batch, MaxThreads = threads });
                long before = GC.GetAllocatedBytesForCurrentThread();
                session.Run(input, output);
                least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
            }

            Assert.Equal(0, least);
        }
    }

    private static void AssertAllocatesNothing(Model model)
    {
        float[] input = TestModels.Input(model, MaxBatch);
        float[] output = new float[MaxBatch * model.OutputShape.ElementCount];
        foreach (int threads in new[] { 1, 2 })
        {
            using var session = new InferenceSession(model, new SessionOptions { MaxBatch = MaxBatch, MaxThreads = threads });
            session.Run(input, output);
            Assert.Equal(0, Allocations.Least(() => session.Run(input, output)));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_batch_and_thread_count_gives_the_same_bits(string name)
    {
        Model model = TestModels.Build(name);
        int inputLength = model.InputShape.ElementCount;
        int outputLength = model.OutputShape.ElementCount;
        float[] input = TestModels.Input(model, MaxBatch);
        float[] expected = model.Predict(input);
        foreach (int threads in new[] { 1, 2, 3, 8 })
        {
            using var session = new InferenceSession(model, new SessionOptions { MaxBatch = MaxBatch, MaxThreads = threads });
            Assert.Equal(Math.Min(threads, Environment.ProcessorCount), session.MaxThreads);
            for (int n = 1; n <= MaxBatch; n++)
            {
                float[] output = new float[n * outputLength];
                Array.Fill(output, float.NaN);
                session.Run(input.AsSpan(0, n * inputLength), output);
                Assert.Equal(expected[..output.Length], output);
            }
        }
    }

    [Fact]
    public void Every_algorithm_gives_the_output_within_rounding_and_its_own_bits_every_time()
    {
        Model model = new Sequential(new Conv2D(24, 3, padding: Padding.Same), new Conv2D(20, 3), new Flatten(), new Dense(3))
            .Build(new Shape(13, 11, 17), seed: 2);
        float[] input = TestModels.Input(model, 2);
        var outputs = new Dictionary<ConvAlgorithm, float[]>();
        foreach (ConvAlgorithm algorithm in Enum.GetValues<ConvAlgorithm>())
        {
            foreach (int threads in new[] { 1, 2 })
            {
                using var session = new InferenceSession(model,
                    new SessionOptions { MaxBatch = 2, MaxThreads = threads, ConvAlgorithm = algorithm });
                var output = new float[2 * model.OutputShape.ElementCount];
                session.Run(input, output);
                Assert.Equal(outputs.TryAdd(algorithm, output) ? output : outputs[algorithm], output);
            }
        }

        // Algorithms that were mixed up would give the same bits.
        Assert.Equal(outputs[ConvAlgorithm.Winograd4], outputs[ConvAlgorithm.Auto]);
        Assert.NotEqual(outputs[ConvAlgorithm.Direct], outputs[ConvAlgorithm.Winograd2]);
        Assert.NotEqual(outputs[ConvAlgorithm.Direct], outputs[ConvAlgorithm.Winograd4]);
        float largest = outputs[ConvAlgorithm.Direct].Max(Math.Abs);
        foreach (float[] output in outputs.Values)
            Assert.All(output.Zip(outputs[ConvAlgorithm.Direct]),
                pair => Assert.True(Math.Abs(pair.First - pair.Second) <= 1e-4 * largest, $"{pair.First} is far from {pair.Second}"));
    }

    [Fact]
    public void An_algorithm_that_does_not_exist_is_refused()
    {
        Model model = new Sequential(new Dense(1)).Build(new Shape(1));
        var error = Assert.Throws<ArgumentOutOfRangeException>(() =>
            new InferenceSession(model, new SessionOptions { ConvAlgorithm = (ConvAlgorithm)9 }));
        Assert.Contains("Winograd4", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Eight_threads_over_one_session_get_the_same_bits()
    {
        Model model = TestModels.Build("branches");
        using var session = new InferenceSession(model, new SessionOptions { MaxBatch = 2 });
        float[][] inputs = [.. Enumerable.Range(0, 8).Select(i => TestModels.Input(model, 1 + (i % 2), seed: i))];
        float[][] expected = [.. inputs.Select(input => model.Predict(input))];
        await Task.WhenAll(Enumerable.Range(0, 8).Select(thread => Task.Factory.StartNew(
            () =>
            {
                float[] output = new float[expected[thread].Length];
                for (int i = 0; i < 500; i++)
                {
                    Array.Fill(output, float.NaN);
                    session.Run(inputs[thread], output);
                    Assert.Equal(expected[thread], output);
                }
            },
            TestContext.Current.CancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));
    }

    [Fact]
    public void A_session_keeps_the_weights_that_it_was_created_with()
    {
        Model model = new Sequential(new Dense(1, filterInitializer: Initializer.Constant(2), biasInitializer: Initializer.Constant(1)))
            .Build(new Shape(1));
        using var session = new InferenceSession(model);
        model.Parameters[0].Assign([5]);
        model.Parameters[1].Assign([0]);
        float[] output = new float[1];
        session.Run([3], output);
        Assert.Equal(7, output[0]);
        Assert.Equal(15, model.Predict([3])[0]);
    }

    [Fact]
    public void Wrong_lengths_are_one_sentence_with_both_figures()
    {
        Model model = TestModels.Build("dense");
        using var one = new InferenceSession(model);
        using var many = new InferenceSession(model, new SessionOptions { MaxBatch = 4 });
        Assert.Equal("InferenceSession.Run: the input has 29 values; expected 30 for one sample of (N, 3, 5, 2).", Message(one, 29, 4));
        Assert.Equal(
            "InferenceSession.Run: the input has 60 values, 2 samples of (N, 3, 5, 2); expected at most MaxBatch, which is 1.",
            Message(one, 60, 8));
        Assert.Equal("InferenceSession.Run: the input has 0 values; expected a multiple of 30 for 1 to 4 samples of (N, 3, 5, 2).",
            Message(many, 0, 0));
        Assert.Equal(
            "InferenceSession.Run: the input has 150 values, 5 samples of (N, 3, 5, 2); expected at most MaxBatch, which is 4.",
            Message(many, 150, 20));
        Assert.Equal("InferenceSession.Run: the output has 4 values; expected 8 for 2 samples of (N, 4).", Message(many, 60, 4));
    }

    [Fact]
    public void A_batch_that_no_buffer_holds_runs_in_parts()
    {
        using var session = new InferenceSession(TestModels.Build("dense"), new SessionOptions { MaxBatch = int.MaxValue });
        Assert.InRange(session.WorkspaceBytes, 1, 64 << 20);
        var output = new float[3 * 4];
        session.Run(new float[3 * 30], output);
        Assert.Equal(output.AsSpan(0, 4).ToArray(), output.AsSpan(8, 4).ToArray());
    }

    [Fact]
    public void Options_overlap_and_use_after_Dispose_are_rejected()
    {
        Model model = TestModels.Build("dense");
        Assert.Throws<ArgumentOutOfRangeException>(() => new InferenceSession(model, new SessionOptions { MaxBatch = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new InferenceSession(model, new SessionOptions { MaxThreads = -1 }));
        var session = new InferenceSession(model);
        float[] memory = new float[40];
        Assert.Throws<ArgumentException>(() => session.Run(memory.AsSpan(0, 30), memory.AsSpan(29, 4)));
        session.Run(memory.AsSpan(0, 30), memory.AsSpan(30, 4));
        session.Dispose();
        session.Dispose();
        Assert.Throws<ObjectDisposedException>(() => session.Run(memory.AsSpan(0, 30), memory.AsSpan(30, 4)));
    }

    [Fact]
    public void Memory_is_reported_and_reused_along_a_chain()
    {
        // Nine equal values of 4,000 bytes: two are alive at a time, but one where a layer writes over what it reads.
        var pool = new MaxPool2D(1);
        Model model = new Sequential(pool, pool, pool, pool, pool, pool, pool, pool, pool, pool).Build(new Shape(10, 10, 10));
        using var session = new InferenceSession(model);
        Assert.InRange(session.WorkspaceBytes, 8000, 8192);
        var relu = new ReLU();
        using var inPlace = new InferenceSession(new Sequential(relu, relu, relu, relu, relu, relu, relu, relu, relu, relu)
            .Build(new Shape(1000)));
        Assert.InRange(inPlace.WorkspaceBytes, 4000, 4096);
        Assert.Equal(0, session.WeightBytes);
    }

    private static string Message(InferenceSession session, int input, int output) =>
        Assert.Throws<ShapeException>(() => session.Run(new float[input], new float[output])).Message;
}
