using System.Runtime.ExceptionServices;
using System.Security.Cryptography;
using System.Text;

namespace CnnFast.Images;

/// <summary>
/// What picture files decode to, by index: out of memory where it was read before and is kept, out of the cache where there is one, else
/// out of the file. Thread-safe.
/// </summary>
internal sealed class PictureStore
{
    private readonly string[] _paths;
    private readonly PixelDecoder _decode;
    private readonly byte[]?[]? _kept;
    private readonly PictureCache? _cache;

    private PictureStore(string[] paths, int length, PixelDecoder decode, bool keep, PictureCache? cache)
    {
        _paths = paths;
        Length = length;
        _decode = decode;
        _kept = keep ? new byte[]?[paths.Length] : null;
        _cache = cache;
    }

    /// <summary>Decodes a file.</summary>
    public delegate void PixelDecoder(string path, Span<byte> pixels);

    /// <summary>Decodes a file by its index; false where it is skipped.</summary>
    public delegate bool TryDecode(int index, Span<byte> pixels);

    /// <summary>Bytes of one image.</summary>
    public int Length { get; }

    /// <summary>
    /// Opens a store: where there is to be a cache it is opened or built, and where unreadable files are to be skipped all are decoded.
    /// </summary>
    /// <param name="files">The files.</param>
    /// <param name="length">Bytes that each decodes to.</param>
    /// <param name="description">All that the bytes depend on but the files.</param>
    /// <param name="decode">Decodes a file.</param>
    /// <param name="options">Memory, cache, threads, what becomes of unreadable files.</param>
    /// <param name="cacheFile">The file of the cache, or null.</param>
    /// <param name="keep">Whether decoded images stay in memory.</param>
    /// <param name="cancellationToken">Ends it with an exception.</param>
    /// <param name="beside">Other files that the bytes depend on.</param>
    /// <returns>The store, and the reason for every file that cannot be read.</returns>
    public static (PictureStore Store, string?[] Faults) Open(PictureFile[] files, int length, string description, PixelDecoder decode,
        PictureOptions options, string? cacheFile, bool keep, CancellationToken cancellationToken, PictureFile[]? beside = null)
    {
        var faults = new string?[files.Length];
        string[] paths = [.. files.Select(file => file.Path)];
        bool skip = options.Unreadable == UnreadablePictures.Skip;
        int threads = options.MaxThreads == 0 ? CpuInfo.DefaultThreads : options.MaxThreads;
        PictureCache? cache = null;
        if (cacheFile is not null)
        {
            PictureCache.RequireReplaceable(cacheFile);
            byte[] key = KeyOf($"{description} {options.MaxPixels} {options.MaxFileBytes}", [.. files, .. beside ?? []]);
            cache = PictureCache.TryOpen(cacheFile, key, files.Length, length);
            if (cache is not null && !Enumerable.Range(0, files.Length).All(cache.Has) && !skip)
                cache = null;
            if (cache is null)
                cache = PictureCache.Build(cacheFile, key, files.Length, length, TryOne, threads, cancellationToken);
            else
                Collect(index => !cache.Has(index));
        }
        else if (skip)
        {
            Collect(_ => true);
        }

        return (new PictureStore(paths, length, decode, keep, cache), faults);

        bool TryOne(int index, Span<byte> pixels)
        {
            try
            {
                decode(paths[index], pixels);
                return true;
            }
            catch (DataFormatException fault) when (skip)
            {
                faults[index] = fault.Message;
                return false;
            }
        }

        void Collect(Func<int, bool> wanted) => ForAll(
            files.Length,
            threads,
            index =>
            {
                if (wanted(index))
                    TryOne(index, new byte[length]);
            },
            cancellationToken);
    }

    /// <summary>The store of some of the files, in their order.</summary>
    public PictureStore Subset(int[] indices) =>
        new([.. indices.Select(index => _paths[index])], Length, _decode, _kept is not null, _cache?.Subset(indices));

    /// <summary>Reads an image.</summary>
    /// <exception cref="DataFormatException">The file cannot be decoded.</exception>
    public void Read(int index, Span<byte> pixels)
    {
        if (_kept is not null && Volatile.Read(ref _kept[index]) is { } kept)
        {
            kept.CopyTo(pixels);
            return;
        }

        if (_cache?.TryRead(index, pixels) != true)
            _decode(_paths[index], pixels[..Length]);
        if (_kept is not null)
            Volatile.Write(ref _kept[index], pixels[..Length].ToArray());
    }

    /// <summary>Runs an action for every index, on some threads; the failure of the first index that failed is thrown.</summary>
    public static void ForAll(int count, int threads, Action<int> action, CancellationToken cancellationToken)
    {
        int first = int.MaxValue;
        ExceptionDispatchInfo? failure = null;
        var gate = new Lock();
        var options = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken };
        Parallel.For(0, count, options, (index, loop) =>
        {
            try
            {
                action(index);
            }
#pragma warning disable CA1031 // It is thrown again below: of several failures always the same one.
            catch (Exception e)
#pragma warning restore CA1031
            {
                lock (gate)
                {
                    if (index < first)
                        (first, failure) = (index, ExceptionDispatchInfo.Capture(e));
                }

                loop.Break();
            }
        });
        failure?.Throw();
    }

    private static byte[] KeyOf(string description, PictureFile[] files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{description}\n{PictureDecoder.Version}\n{files.Length}\n"));
        foreach (PictureFile file in files)
        {
            var info = new FileInfo(file.Path);
            long size = info.Exists ? info.Length : -1;
            hash.AppendData(Encoding.UTF8.GetBytes($"{file.Name}\0{size}\0{info.LastWriteTimeUtc.Ticks}\n"));
        }

        return hash.GetHashAndReset();
    }
}
