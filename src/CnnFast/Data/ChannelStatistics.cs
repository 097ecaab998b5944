namespace CnnFast.Data;

/// <summary>How often every byte comes in every channel: mean and deviation of bytes without any rounding on the way.</summary>
internal sealed class ChannelStatistics(Shape imageShape)
{
    private const int Values = 256;

    private readonly int _channels = imageShape[2];
    private readonly long[] _counts = new long[imageShape[2] * Values];

    /// <summary>Counts the bytes of images.</summary>
    public void Add(IImageDataset images, int threads, CancellationToken cancellationToken)
    {
        var options = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken };
        try
        {
            Parallel.For(0, images.Count, options, () => new Part(imageShape, _counts.Length), (index, _, part) => part.Add(images, index),
                Add);
        }
        catch (AggregateException failure) when (failure.InnerExceptions.Count > 0)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure.InnerExceptions[0]);
        }
    }

    /// <summary>The normalisation to mean 0 and deviation 1.</summary>
    public Normalization ToNormalization()
    {
        var means = new double[_channels];
        var stds = new double[_channels];
        for (int c = 0; c < _channels; c++)
        {
            ReadOnlySpan<long> counts = _counts.AsSpan(c * Values, Values);
            Int128 n = 0;
            Int128 sum = 0;
            Int128 squares = 0;
            for (int value = 0; value < Values; value++)
            {
                n += counts[value];
                sum += (Int128)counts[value] * value;
                squares += (Int128)counts[value] * (value * value);
            }

            // n² · variance is a whole number.
            Int128 spread = (n * squares) - (sum * sum);
            means[c] = (double)sum / (double)n / 255;
            stds[c] = spread == 0 ? 1 : Math.Sqrt((double)spread) / (double)n / 255;
        }

        return Normalization.FromMeanStd(means, stds);
    }

    private void Add(Part part)
    {
        lock (_counts)
        {
            for (int i = 0; i < _counts.Length; i++)
                _counts[i] += part.Counts[i];
        }
    }

    private sealed class Part(Shape imageShape, int length)
    {
        private readonly byte[] _pixels = new byte[imageShape.ElementCount];

        public long[] Counts { get; } = new long[length];

        public Part Add(IImageDataset images, int index)
        {
            images.ReadImage(index, _pixels);
            int at = 0;
            foreach (byte value in _pixels)
            {
                Counts[at + value]++;
                at = at + Values == Counts.Length ? 0 : at + Values;
            }

            return this;
        }
    }
}
