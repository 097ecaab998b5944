using CnnFast.Data;

namespace CnnFast.Tests.Data;

public sealed class BatchLoaderTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly Shape Pixel = new(1, 1, 1);

    /// <summary>Images of 2×2 whose four bytes are their number; the label is the number modulo 7.</summary>
    private static ImageDataset Numbered(int count)
    {
        var pixels = new byte[count * 4];
        var labels = new int[count];
        for (int i = 0; i < count; i++)
        {
            pixels.AsSpan(i * 4, 4).Fill((byte)i);
            labels[i] = i % 7;
        }

        return new ImageDataset(new Shape(2, 2, 1), 7, pixels, labels);
    }

    /// <summary>The numbers of the images of an epoch, batch by batch.</summary>
    private static List<int[]> Epoch(BatchLoader loader, int epoch)
    {
        var batches = new List<int[]>();
        loader.StartEpoch(epoch, TestContext.Current.CancellationToken);
        while (loader.MoveNext())
        {
            Batch batch = loader.Current;
            Assert.Equal(batches.Count, batch.Index);
            Assert.Equal(new Shape(batch.Count, 2, 2, 1), batch.InputShape());
            Assert.Equal(batch.Count * 4, batch.Input().Length);
            var numbers = new int[batch.Count];
            for (int i = 0; i < numbers.Length; i++)
            {
                numbers[i] = (int)Math.Round(batch.Input()[i * 4] * 255);
                Assert.Equal(-1, batch.Input().Slice(i * 4, 4).IndexOfAnyExcept(numbers[i] / 255f));
                Assert.Equal(numbers[i] % 7, batch.Labels()[i]);
            }

            batches.Add(numbers);
        }

        return batches;
    }

    private static BatchLoader Raw(int count, int batchSize, FillAction fill, bool prefetch = true) =>
        new(new FillDataset(count, fill), batchSize, seed: 1, shuffle: false, prefetch);

    [Theory]
    [InlineData(10, 3, 4)]
    [InlineData(9, 3, 3)]
    [InlineData(10, 1, 10)]
    [InlineData(10, 10, 1)]
    [InlineData(10, 64, 1)]
    [InlineData(1, 1, 1)]
    public void Every_image_comes_once_an_epoch_and_the_last_batch_may_be_smaller(int count, int batchSize, int batches)
    {
        using var loader = new BatchLoader(Numbered(count), batchSize, seed: 5);
        Assert.Equal((Math.Min(count, batchSize), batches), (loader.BatchSize, loader.BatchesPerEpoch));
        for (int epoch = 0; epoch < 3; epoch++)
        {
            List<int[]> numbers = Epoch(loader, epoch);
            Assert.Equal(batches, numbers.Count);
            Assert.All(numbers.SkipLast(1), batch => Assert.Equal(loader.BatchSize, batch.Length));
            Assert.Equal(Enumerable.Range(0, count), numbers.SelectMany(batch => batch).Order());
        }
    }

    [Fact]
    public void The_order_of_a_seed_and_epoch_never_changes()
    {
        using var loader = new BatchLoader(Numbered(10), 4, seed: 7);
        Assert.Equal([0, 4, 3, 6, 7, 5, 1, 9, 8, 2], Epoch(loader, 0).SelectMany(batch => batch));
        Assert.Equal([3, 7, 5, 0, 6, 9, 2, 8, 4, 1], Epoch(loader, 1).SelectMany(batch => batch));
        Assert.Equal([0, 4, 3, 6, 7, 5, 1, 9, 8, 2], Epoch(loader, 0).SelectMany(batch => batch));
    }

    [Fact]
    public void The_order_does_not_depend_on_the_epochs_before_or_on_prefetching()
    {
        using var resumed = new BatchLoader(Numbered(100), 8, seed: 2);
        using var inline = new BatchLoader(Numbered(100), 8, seed: 2, prefetch: false);
        using var fromStart = new BatchLoader(Numbered(100), 8, seed: 2);
        Epoch(fromStart, 0);
        Epoch(fromStart, 1);
        List<int[]> expected = Epoch(fromStart, 2);
        Assert.Equal(expected, Epoch(resumed, 2));
        Assert.Equal(expected, Epoch(inline, 2));
    }

    [Fact]
    public void Without_shuffling_the_order_is_that_of_the_data_set()
    {
        using var loader = new BatchLoader(Numbered(20), 6, seed: 3, shuffle: false);
        Assert.Equal(Enumerable.Range(0, 20), Epoch(loader, 4).SelectMany(batch => batch));
    }

    [Fact]
    public void The_normalisation_reaches_the_images()
    {
        using var loader = new BatchLoader(Numbered(3).Normalized(new Normalization(2, 10)), 3, shuffle: false);
        loader.StartEpoch(0, TestContext.Current.CancellationToken);
        Assert.True(loader.MoveNext());
        Assert.Equal([10, 10, 10, 10, 12, 12, 12, 12, 14, 14, 14, 14], loader.Current.Input().ToArray());
    }

    [Fact]
    public void The_next_batch_is_filled_on_another_thread_while_one_is_in_use()
    {
        using var second = new ManualResetEventSlim();
        int thread = 0;
        using BatchLoader loader = Raw(4, 2, (indices, _, _) =>
        {
            if (indices[0] == 2)
            {
                thread = Environment.CurrentManagedThreadId;
                second.Set();
            }
        });
        loader.StartEpoch(0, TestContext.Current.CancellationToken);
        Assert.True(loader.MoveNext());
        Assert.True(second.Wait(Patience, TestContext.Current.CancellationToken),
            "The second batch was not filled while the first was in use.");
        Assert.NotEqual(Environment.CurrentManagedThreadId, thread);
    }

    [Fact]
    public void Without_prefetching_only_the_calling_thread_fills()
    {
        var threads = new HashSet<int>();
        using BatchLoader loader = Raw(10, 3, (_, _, _) => threads.Add(Environment.CurrentManagedThreadId), prefetch: false);
        loader.StartEpoch(0, TestContext.Current.CancellationToken);
        while (loader.MoveNext())
            Thread.Sleep(1);
        Assert.Equal([Environment.CurrentManagedThreadId], threads);
    }

    [Fact]
    public void The_batch_in_use_is_not_touched_by_the_next()
    {
        using var filled = new SemaphoreSlim(0);
        using BatchLoader loader = Raw(8, 2, (indices, images, labels) =>
        {
            images.Fill(indices[0]);
            labels.Fill(indices[0]);
            filled.Release();
        });
        loader.StartEpoch(0, TestContext.Current.CancellationToken);
        for (int batch = 0; batch < 4; batch++)
        {
            Assert.True(loader.MoveNext());
            if (batch == 0)
                Assert.True(filled.Wait(Patience, TestContext.Current.CancellationToken));
            if (batch < 3)
                Assert.True(filled.Wait(Patience, TestContext.Current.CancellationToken));
            Assert.Equal([batch * 2, batch * 2], loader.Current.Input().ToArray());
            Assert.Equal([batch * 2, batch * 2], loader.Current.Labels().ToArray());
        }
    }

    [Fact]
    public void A_failure_of_the_filling_thread_reaches_the_consumer_with_its_stack()
    {
        using BatchLoader loader = Raw(6, 2, FailAtFour);
        loader.StartEpoch(0, TestContext.Current.CancellationToken);
        Assert.True(loader.MoveNext());
        Assert.True(loader.MoveNext());
        var failure = Assert.Throws<InvalidDataException>(() => loader.MoveNext());
        Assert.Equal("image 4 is broken", failure.Message);
        Assert.Contains(nameof(FailAtFour), failure.StackTrace, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => loader.MoveNext());
        Assert.Throws<InvalidOperationException>(() => loader.Current);
        loader.StartEpoch(1, TestContext.Current.CancellationToken);
        Assert.True(loader.MoveNext());
    }

    private static void FailAtFour(ReadOnlySpan<int> indices, Span<float> images, Span<int> labels)
    {
        if (indices[0] == 4)
            throw new InvalidDataException("image 4 is broken");
    }

    [Fact]
    public void A_cancelled_epoch_ends_with_the_next_batch_and_another_can_start()
    {
        using var source = new CancellationTokenSource();
        using var loader = new BatchLoader(Numbered(10), 2);
        loader.StartEpoch(0, source.Token);
        Assert.True(loader.MoveNext());
        source.Cancel();
        Assert.Equal(source.Token, Assert.Throws<OperationCanceledException>(() => loader.MoveNext()).CancellationToken);
        Assert.Equal(5, Epoch(loader, 0).Count);
    }

    [Fact]
    public void Disposing_in_the_middle_waits_for_the_thread_that_fills()
    {
        using var started = new ManualResetEventSlim();
        bool through = false;
        BatchLoader loader = Raw(4, 2, (indices, _, _) =>
        {
            if (indices[0] != 2)
                return;
            started.Set();
            Thread.Sleep(100);
            through = true;
        });
        loader.StartEpoch(0, TestContext.Current.CancellationToken);
        Assert.True(loader.MoveNext());
        Assert.True(started.Wait(Patience, TestContext.Current.CancellationToken));
        loader.Dispose();
        Assert.True(through, "Dispose returned while a batch was being filled.");
        loader.Dispose();
        Assert.Throws<ObjectDisposedException>(() => loader.MoveNext());
        Assert.Throws<ObjectDisposedException>(() => loader.StartEpoch(0, TestContext.Current.CancellationToken));
        Assert.Throws<InvalidOperationException>(() => loader.Current);
    }

    [Fact]
    public void Starting_over_in_the_middle_gives_a_whole_epoch()
    {
        using var loader = new BatchLoader(Numbered(200), 3, seed: 9);
        List<int[]> expected = Epoch(loader, 1);
        for (int stop = 0; stop < 60; stop++)
        {
            loader.StartEpoch(0, TestContext.Current.CancellationToken);
            for (int i = 0; i < stop; i++)
                loader.MoveNext();
            Assert.Equal(expected, Epoch(loader, 1));
        }
    }

    [Fact]
    public void Many_loaders_over_one_data_set_do_not_disturb_each_other()
    {
        ImageDataset dataset = Numbered(250);
        List<int[]> expected;
        using (var loader = new BatchLoader(dataset, 7, seed: 4))
            expected = Epoch(loader, 0);
        Parallel.For(0, 64, _ =>
        {
            using var loader = new BatchLoader(dataset, 7, seed: 4);
            Assert.Equal(expected, Epoch(loader, 0));
        });
    }

    [Fact]
    public void A_busy_pool_holds_nobody_up()
    {
        // Every thread of the pool waits: the consumer must fill its batches itself.
        var release = new ManualResetEventSlim();
        ThreadPool.GetMinThreads(out int workers, out _);
        for (int i = 0; i < (2 * workers) + 8; i++)
            ThreadPool.UnsafeQueueUserWorkItem(static e => e.Wait(Patience), release, preferLocal: false);
        try
        {
            using var loader = new BatchLoader(Numbered(100), 2);
            var time = System.Diagnostics.Stopwatch.StartNew();
            Assert.Equal(50, Epoch(loader, 0).Count);
            Assert.True(time.Elapsed < Patience, $"An epoch took {time.Elapsed} behind a busy pool.");
        }
        finally
        {
            release.Set();
        }
    }

    [Fact]
    public void An_epoch_allocates_nothing_for_its_batches()
    {
        using var loader = new BatchLoader(Numbered(200), 2, prefetch: false);
        Run(0);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Run(1);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Run(int epoch)
        {
            loader.StartEpoch(epoch, CancellationToken.None);
            while (loader.MoveNext())
                _ = loader.Current.Input()[0];
        }
    }

    [Fact]
    public void The_end_of_an_epoch_stays_the_end()
    {
        using var loader = new BatchLoader(Numbered(2), 2);
        Assert.Throws<InvalidOperationException>(() => loader.MoveNext());
        loader.StartEpoch(0, TestContext.Current.CancellationToken);
        Assert.True(loader.MoveNext());
        Assert.False(loader.MoveNext());
        Assert.False(loader.MoveNext());
        Assert.Throws<InvalidOperationException>(() => loader.Current);
    }

    [Fact]
    public void Impossible_options_are_rejected_in_words()
    {
        Assert.StartsWith(
            "BatchLoader: the batch size is 0; expected at least 1.",
            Assert.Throws<ArgumentOutOfRangeException>(() => new BatchLoader(Numbered(2), 0)).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentNullException>(() => new BatchLoader(null!, 1));
        using var loader = new BatchLoader(Numbered(2), 1);
        Assert.StartsWith(
            "BatchLoader: the epoch is -1; expected at least 0.",
            Assert.Throws<ArgumentOutOfRangeException>(() => loader.StartEpoch(-1, TestContext.Current.CancellationToken)).Message,
            StringComparison.Ordinal);
    }

    private delegate void FillAction(ReadOnlySpan<int> indices, Span<float> images, Span<int> labels);

    private sealed class FillDataset(int count, FillAction fill) : IDataset
    {
        public int Count => count;

        public IReadOnlyList<Shape> Inputs => [Pixel];

        public IReadOnlyList<TargetInfo> Targets => [TargetInfo.Labels(1000)];

        public void Fill(ReadOnlySpan<int> indices, int epoch, BatchBuffers batch) => fill(indices, batch.Input(), batch.Labels());
    }
}
