namespace CnnFast.Tests;

/// <summary>Bytes that come in small portions and whose number cannot be known before, as from a pipe or a socket.</summary>
internal sealed class ForwardOnlyStream(byte[] content, int portion = 7) : MemoryStream(content)
{
    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(portion, buffer.Length)]);

    public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(portion, count));
}
