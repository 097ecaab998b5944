using CnnFast.Data;

namespace CnnFast.Tests.Data;

/// <summary>Several batches are filled ahead, each on a thread of its own; what comes out is always the same.</summary>
public sealed class BatchLoaderFillerTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(64)]
    public void Batches_are_the_same_with_any_number_of_fillers(int fillers)
    {
        using var loader = new BatchLoader(Numbers(103), 7, seed: 3, fillers: fillers);
        using var inline = new BatchLoader(Numbers(103), 7, seed: 3, prefetch: false);
        for (int epoch = 0; epoch < 4; epoch++)
            Assert.Equal(Rest(inline, epoch, 0), Rest(loader, epoch, 0));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void An_epoch_goes_on_in_the_middle(int fillers)
    {
        using var loader = new BatchLoader(Numbers(50), 4, seed: 3, fillers: fillers);
        List<float[]> whole = Rest(loader, 2, 0);
        for (int first = 0; first <= loader.BatchesPerEpoch; first++)
            Assert.Equal(whole.Skip(first), Rest(loader, 2, first));
        Assert.StartsWith("BatchLoader: the first batch is 14; expected 0 to 13.",
            Assert.Throws<ArgumentOutOfRangeException>(() => loader.StartEpoch(0, 14, CancellationToken.None)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void As_many_batches_are_filled_at_once_as_there_are_fillers_and_no_more()
    {
        ThreadPool.GetMinThreads(out int workers, out int ports);
        ThreadPool.SetMinThreads(Math.Max(workers, 12), ports);
        using var release = new ManualResetEventSlim();
        using var started = new SemaphoreSlim(0);
        int running = 0;
        int most = 0;
        var data = new Blocking(40, batch =>
        {
            int now = Interlocked.Increment(ref running);
            InterlockedMax(ref most, now);
            started.Release();
            release.Wait(Patience);
            Interlocked.Decrement(ref running);
        });
        using var loader = new BatchLoader(data, 2, fillers: 3);
        loader.StartEpoch(0, TestContext.Current.CancellationToken);

        // The slots of three fillers and of the batch in use: before the first batch is taken all four may be filled.
        for (int i = 0; i < 4; i++)
            Assert.True(started.Wait(Patience, TestContext.Current.CancellationToken));
        Assert.False(started.Wait(50, TestContext.Current.CancellationToken));
        release.Set();
        int batches = 0;
        while (loader.MoveNext())
            batches++;
        Assert.Equal(20, batches);
        Assert.InRange(most, 4, 5);
        ThreadPool.SetMinThreads(workers, ports);
    }

    [Fact]
    public void A_failure_comes_in_its_turn()
    {
        var data = new Blocking(40, index =>
        {
            if (index == 8)
                throw new InvalidDataException("sample 8 is broken");
        });
        using var loader = new BatchLoader(data, 2, shuffle: false, fillers: 4);
        loader.StartEpoch(0, TestContext.Current.CancellationToken);
        for (int i = 0; i < 4; i++)
            Assert.True(loader.MoveNext());
        Assert.Equal("sample 8 is broken", Assert.Throws<InvalidDataException>(() => loader.MoveNext()).Message);
        Assert.Throws<InvalidOperationException>(() => loader.MoveNext());
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(65)]
    public void Fillers_are_few(int fillers) => Assert.StartsWith($"BatchLoader: fillers is {fillers}; expected 0 to 64.",
        Assert.Throws<ArgumentOutOfRangeException>(() => new BatchLoader(Numbers(3), 1, fillers: fillers)).Message,
        StringComparison.Ordinal);

    private static void InterlockedMax(ref int most, int value)
    {
        int seen = Volatile.Read(ref most);
        while (value > seen)
        {
            int old = Interlocked.CompareExchange(ref most, value, seen);
            if (old == seen)
                return;
            seen = old;
        }
    }

    private static ArrayDataset Numbers(int count) =>
        new(new Shape(1), [.. Enumerable.Range(0, count).Select(i => (float)i)], 1, new int[count]);

    private static List<float[]> Rest(BatchLoader loader, int epoch, int first)
    {
        loader.StartEpoch(epoch, first, TestContext.Current.CancellationToken);
        var batches = new List<float[]>();
        while (loader.MoveNext())
        {
            Assert.Equal(first + batches.Count, loader.Current.Index);
            batches.Add(loader.Current.Input().ToArray());
        }

        return batches;
    }

    private sealed class Blocking(int count, Action<int> fill) : IDataset
    {
        public int Count => count;

        public IReadOnlyList<Shape> Inputs => [new Shape(1)];

        public IReadOnlyList<TargetInfo> Targets => [TargetInfo.Labels(1)];

        public void Fill(ReadOnlySpan<int> indices, int epoch, BatchBuffers batch) => fill(indices[0]);
    }
}
